package e2e

import (
	"testing"
)

// inCrowd waits until a worker draws the stage.
func (b *tab) inCrowd() {
	b.t.Helper()
	b.until("a worker draws the crowd", `document.querySelector("canvas.crowd")?.hidden === false && document.querySelector("canvas.tapes").hidden`)
}

// pixelsOf is a script that copies canvases of the stage, one over the other, to a sheet of
// the stage's size.
const pixelsOf = `globalThis.pixelsOf = (...canvases) => {
	const body = document.querySelector(".stage-body"), box = body.getBoundingClientRect();
	const sheet = new OffscreenCanvas(body.clientWidth, body.scrollHeight), ctx = sheet.getContext("2d");
	ctx.fillStyle = getComputedStyle(body).getPropertyValue("--paper");
	ctx.fillRect(0, 0, sheet.width, sheet.height);
	for (const canvas of canvases) {
		const at = canvas.getBoundingClientRect();
		ctx.drawImage(canvas, Math.round(at.x - box.x), Math.round(at.y - box.y), at.width, at.height);
	}
	return ctx.getImageData(0, 0, sheet.width, sheet.height).data;
}`

// TestCrowdInWorker: a worker draws a crowd, pixel for pixel as the page draws it by itself;
// when there are few partitions again, the page does.
func TestCrowdInWorker(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.play(crowd(3, 40, 12))
	b.inCrowd()
	b.eval(nil, pixelsOf)
	b.eval(nil, `(async () => {
		for (let i = 0; i < 30; i++) await new Promise(requestAnimationFrame);
		globalThis.there = pixelsOf(document.querySelector("canvas.crowd"));
		const stage = document.querySelector("partita-stage");
		globalThis.flights = partitaTest.frame.flights.length;
		stage.painter.close();
		stage.dispatchEvent(new Event("rearrange"));
		for (let i = 0; i < 30; i++) await new Promise(requestAnimationFrame);
		globalThis.here = pixelsOf(document.querySelector("canvas.tapes"), document.querySelector("canvas.flights"));
	})()`)
	var found struct{ Pixels, Drawn, Different, Flights int }
	b.eval(&found, `(() => {
		let drawn = 0, different = 0;
		for (let i = 0; i < here.length; i += 4) {
			if (here[i] !== here[0] || here[i + 1] !== here[1]) drawn++;
			if ([0, 1, 2].some((c) => Math.abs(here[i + c] - there[i + c]) > 40)) different++;
		}
		return { Pixels: here.length / 4, Drawn: drawn, Different: different, Flights: flights };
	})()`)
	t.Logf("%+v", found)
	if found.Flights == 0 || found.Drawn < found.Pixels/20 {
		t.Fatal("next to nothing was drawn")
	}
	if found.Different > found.Drawn/100 {
		t.Errorf("%d of %d pixels that are drawn differ", found.Different, found.Drawn)
	}
}

// TestCrowdComesAndGoes: the page takes over when there are few partitions again, and the
// worker when there are many; a picture of what it drew can be saved.
func TestCrowdComesAndGoes(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.eval(nil, pixelsOf)
	b.eval(nil, `globalThis.saved = []; URL.createObjectURL = (blob) => { saved.push(blob); return "#"; }`)
	for range 2 {
		b.play(crowd(1, 64, 2))
		b.inCrowd()
		b.until("it is drawn there", `(() => {
			const data = pixelsOf(document.querySelector("canvas.crowd"));
			let drawn = 0;
			for (let i = 0; i < data.length; i += 4) if (data[i] !== data[0]) drawn++;
			return drawn > data.length / 400;
		})()`)
		b.click("header button", "More for this run")
		b.click("dialog[open] button", "SVG")
		b.until("its picture is saved", `saved.length > 0`)
		var bytes int
		b.eval(&bytes, `(async () => (await saved.pop().text()).match(/<img[^>]*class="crowd"[^>]*>/)[0].length)()`)
		if bytes < 4000 {
			t.Errorf("the crowd is %d bytes of the picture", bytes)
		}
		b.play("clear\ntopic create few partitions=3\nproducer add p1 topic=few rate=20/s\nadvance 3s")
		b.until("the page draws", `document.querySelector("canvas.crowd").hidden && !document.querySelector("canvas.tapes").hidden`)
		b.until("three tapes are drawn", `pixelsOf(document.querySelector("canvas.tapes")).some((byte, i) => i % 4 < 3 && byte < 100) && document.querySelector("partita-stage").texts().length > 3`)
	}
}

// TestCrowdPutBack: a stage that is taken out of the page and put back gets a worker again,
// and keeps to its room.
func TestCrowdPutBack(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.eval(nil, pixelsOf)
	b.play(crowd(1, 64, 2))
	b.inCrowd()
	for range 2 {
		b.eval(nil, `(() => {
			globalThis.before = document.querySelector("canvas.crowd");
			const stage = document.querySelector("partita-stage"), { parentNode, nextSibling } = stage;
			stage.remove();
			parentNode.insertBefore(stage, nextSibling);
		})()`)
		b.inCrowd()
		b.until("it is drawn on a new canvas, and on that alone", `(() => {
			const all = [...document.querySelectorAll("canvas.crowd")];
			return all.length === 1 && all[0] !== before && pixelsOf(all[0]).filter((byte) => byte < 200).length > 1000;
		})()`)
	}
	b.eval(nil, `document.querySelector("partita-stage").addEventListener("arranged", () => globalThis.arranged = true)`)
	b.click(".opener", "Rebalances")
	b.until("it makes room for a panel", `globalThis.arranged`)
}

// TestCrowdWithoutWorker: where the worker's script does not come, the page draws by itself.
func TestCrowdWithoutWorker(t *testing.T) {
	t.Parallel()
	b := playground(t)
	b.eval(nil, `globalThis.Worker = class extends Worker { constructor() { super("/static/nowhere.js"); } }`)
	b.eval(nil, pixelsOf)
	b.play(crowd(1, 40, 2))
	b.until("the page draws", `(() => {
		const { far, called } = document.querySelector("partita-stage").painter;
		return called && far === null && !document.querySelector("canvas.crowd") && !document.querySelector("canvas.tapes").hidden
			&& pixelsOf(document.querySelector("canvas.tapes")).filter((byte) => byte < 200).length > 1000;
	})()`)
}
