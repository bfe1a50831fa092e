package e2e

import (
	"context"
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"

	"partita/engine/scene"
)

// What a stage must be able to show, and on how large a screen it shows that many cells.
const (
	benchStaves  = 64
	benchCells   = 200
	benchFlights = 500
	benchFrames  = 60 // different ones, shown in turn
	benchShown   = 240
)

var benchScreen = screen{2720, 1240}

// crowdedFrame is one of a series in which every partition grows from frame to frame and
// every record in flight moves.
func crowdedFrame(step int) *scene.Frame {
	f := &scene.Frame{Room: "main", Speed: 1000, Time: 60_000 + int64(step)*16, Viewers: 1,
		Brokers: []scene.Broker{{ID: 101, Up: true, Label: "controller", Controller: true}},
		Topics:  []scene.Topic{{Name: "orders", Partitions: benchStaves, InView: true, Detail: "64 partitions", Replicas: 1, MinISR: 1}},
	}
	for i := range 4 {
		f.Producers = append(f.Producers, scene.Producer{Name: fmt.Sprintf("p%d", i+1), Topic: "orders", Lines: []string{"no key", "acks=1"}, Rate: 1_000_000, ProducerID: -1})
	}
	group := scene.Group{Name: "billing", State: "Stable", Generation: 1, Protocol: "range", Hue: 1, Kind: "classic"}
	for i := range 8 {
		m := scene.Member{Name: fmt.Sprintf("c%d", i+1), ID: fmt.Sprintf("c%d-1", i+1), Status: "reading", Epoch: -1,
			Session: scene.Countdown{Left: int32(45_000 - step*16), Total: 45_000}, Poll: scene.Countdown{Left: 299_000, Total: 300_000}, InHand: int32(step)}
		for p := i * 8; p < i*8+8; p++ {
			m.Chips = append(m.Chips, scene.Chip{Partition: uint16(p)})
		}
		group.Members = append(group.Members, m)
	}
	for p := range benchStaves {
		end := int64(1000 + step*(1+p%3))
		s := scene.Stave{Partition: uint16(p), Leader: 101, LEO: end, HW: end - 1, LSO: end - 1, First: end - benchCells, LogStart: 0,
			Replicas: []scene.Replica{{Broker: 101, LEO: end, HW: end - 1, InSync: true, State: scene.ReplicaLeads, Diverged: -1}}}
		for o := s.First; o < end; o++ {
			k := uint32(o*7+int64(p)*3) % 6
			s.Cells = append(s.Cells, (k+1)<<16|uint32('1'+k))
		}
		f.Staves = append(f.Staves, s)
		f.Marks = append(f.Marks, scene.Mark{Stave: uint16(p), Member: int32(p / 8), Committed: end - 20, Position: end - 4, Processed: end - 9, Lag: 20})
	}
	for i := range benchFlights {
		f.Flights = append(f.Flights, scene.Flight{Producer: uint16(i % 4), Stave: uint16(i % benchStaves), Records: 1, Lasts: 800,
			Progress: uint16((i*131 + step*1300) % 65536), Cell: uint32(1+i%6)<<16 | 'a'})
	}
	f.Groups = []scene.Group{group}
	return f
}

// measured are the figures of one run in the page, in ms.
type measured struct {
	Frames        int
	Cells         int
	P10, P50, P99 float64 // of decoding and drawing one frame; the first is what it takes where nothing else runs
	Decode        float64 // mean
	Rate          float64 // frames a second
	Long          int     // tasks above 50 ms
	Shown         float64 // pictures a second that the worker drew, which draws crowds
	Worker        float64 // how long each took it, median
	AgeP50, AgeMs float64
	Records       float64 // a second
	Pace          float64 // of the room's clock against the wall's
	Ages          int
}

const showFrames = `(async () => {
	const app = document.querySelector("partita-app"), stage = document.querySelector("partita-stage");
	const session = app.session;
	session.source.close();
	session.pull = () => {};
	session.pulledAt = Infinity; // no frame is late: each is drawn in an animation frame
	const draws = [], decodes = [];
	let long = 0;
	new PerformanceObserver((list) => long += list.getEntries().length).observe({ type: "longtask" });
	const draw = stage.draw.bind(stage);
	let decoded = 0, from = 0;
	stage.draw = (frame, fresh) => {
		const t = performance.now();
		draw(frame, fresh);
		if (fresh) draws.push(performance.now() - t + decoded);
	};
	const show = (i) => {
		const bytes = crowd[i %% crowd.length];
		const packet = new Uint8Array(bytes.length + 4).subarray(3); // as a worker's packets come
		packet[0] = 68;
		packet.set(bytes, 1);
		const t = performance.now();
		session.receive(packet);
		decoded = performance.now() - t;
		decodes.push(decoded);
	};
	// Until it is warm, and the stage has found its layout.
	const far = () => stage.painter.far;
	for (let i = 0; i < 400 && (i < 40 || stage.layout.columns < %d || !far()?.count); i++) { show(i); await new Promise(requestAnimationFrame); }
	await new Promise((done) => setTimeout(done, 300));
	draws.length = decodes.length = long = 0;
	const start = performance.now(), count = far().count;
	for (let i = 0; i < %d; i++) { show(i); await new Promise(requestAnimationFrame); }
	const took = performance.now() - start;
	draws.sort((a, b) => a - b);
	return {
		Shown: (far().count - count) / took * 1000, Worker: far().took.sort((a, b) => a - b)[far().took.length >> 1],
		Frames: draws.length, Cells: stage.layout.columns * stage.layout.staves.length,
		P10: draws[Math.floor(draws.length / 10)], P50: draws[draws.length >> 1], P99: draws[Math.floor(draws.length * 0.99)],
		Decode: decodes.reduce((a, b) => a + b, 0) / decodes.length, Rate: draws.length / took * 1000, Long: long,
	};
})()`

// BenchmarkFrame measures what a frame costs the page: the script that decodes and draws
// 12,800 cells, all of which move, and 500 records in flight, in the page (frames/s and
// ms-script) and in the worker that draws crowds (shown/s and ms-worker); the same with a
// processor that is four times as slow for the page; the same screen with next to nothing on it, which is what the
// browser itself takes there; and a room of its own in which a million records a second pass.
func BenchmarkFrame(b *testing.B) {
	b.Run("here", func(b *testing.B) { benchmarkFrame(b, 1) })
	b.Run("4x-slower", func(b *testing.B) { benchmarkFrame(b, 4) })
	b.Run("nothing-here", func(b *testing.B) { benchmarkNothing(b, 1) })
	b.Run("nothing-4x-slower", func(b *testing.B) { benchmarkNothing(b, 4) })
	b.Run("million", benchmarkMillion)
}

func benchmarkFrame(b *testing.B, slower float64) {
	var sum measured
	var script float64
	for b.Loop() {
		tab := visit(b, serve(b)).on(benchScreen).open("/")
		tab.untilMoving()
		// A large screen enlarges all; here it is to show more.
		tab.eval(nil, `globalThis.crowd = []; document.documentElement.style.fontSize = "16px"`)
		for i := range benchFrames {
			tab.eval(nil, fmt.Sprintf(`void crowd.push(Uint8Array.from(atob(%q), (c) => c.charCodeAt(0)))`, base64.StdEncoding.EncodeToString(scene.AppendFrame(nil, crowdedFrame(i)))))
		}
		tab.throttle(slower)
		before := tab.scriptMs()
		tab.eval(&sum, fmt.Sprintf(showFrames, benchCells, benchShown))
		script = (tab.scriptMs() - before) / float64(sum.Frames+40)
		tab.throttle(1)
		tab.leave()
	}
	if sum.Cells < benchStaves*benchCells*9/10 {
		b.Errorf("%d cells are drawn, want about %d", sum.Cells, benchStaves*benchCells)
	}
	b.ReportMetric(sum.P10, "ms-script-p10")
	b.ReportMetric(sum.P50, "ms-script-p50")
	b.ReportMetric(sum.P99, "ms-script-p99")
	b.ReportMetric(sum.Decode, "ms-decode-mean")
	b.ReportMetric(script, "ms-all-script/frame")
	b.ReportMetric(sum.Rate, "frames/s")
	b.ReportMetric(sum.Shown, "shown/s")
	b.ReportMetric(sum.Worker, "ms-worker-p50")
	b.ReportMetric(float64(sum.Long), "long-tasks")
	b.ReportMetric(float64(sum.Cells), "cells")
	b.ReportMetric(0, "ns/op")
}

// showNothing moves one small rectangle on each of two canvases as large as the stage's.
const showNothing = `(async () => {
	document.body.replaceChildren();
	const contexts = [0, 1].map(() => {
		const canvas = document.createElement("canvas");
		[canvas.width, canvas.height] = [innerWidth, innerHeight];
		canvas.style.position = "absolute";
		canvas.style.inset = "0";
		document.body.append(canvas);
		return canvas.getContext("2d");
	});
	let long = 0;
	new PerformanceObserver((list) => long += list.getEntries().length).observe({ type: "longtask" });
	const show = (i) => contexts.forEach((ctx, n) => {
		ctx.clearRect((i - 1) * 5, 100 * n, 20, 20);
		ctx.fillRect(i * 5, 100 * n, 20, 20);
	});
	for (let i = 0; i < 40; i++) { show(i); await new Promise(requestAnimationFrame); }
	long = 0;
	const start = performance.now();
	for (let i = 40; i < 40 + %[1]d; i++) { show(i); await new Promise(requestAnimationFrame); }
	return { Frames: %[1]d, Rate: %[1]d / (performance.now() - start) * 1000, Long: long };
})()`

// benchmarkNothing is what to judge the others by: no stage can have more frames.
func benchmarkNothing(b *testing.B, slower float64) {
	var m measured
	for b.Loop() {
		tab := visit(b, serve(b)).on(benchScreen).open("/about")
		tab.throttle(slower)
		tab.eval(&m, fmt.Sprintf(showNothing, benchShown))
		tab.throttle(1)
		tab.leave()
	}
	b.ReportMetric(m.Rate, "frames/s")
	b.ReportMetric(float64(m.Long), "long-tasks")
	b.ReportMetric(0, "ns/op")
}

// throttle slows the page's main thread.
func (b *tab) throttle(rate float64) {
	b.t.Helper()
	b.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: rate})
		return chromedp.Void{}, err
	})
}

// scriptMs is how long scripts have run in this tab, with everything that they do.
func (b *tab) scriptMs() (ms float64) {
	b.t.Helper()
	b.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		if _, err := cdp.Call(ctx, t, performance.Enable, performance.EnableParams{}); err != nil {
			return chromedp.Void{}, err
		}
		got, err := cdp.Call(ctx, t, performance.GetMetrics, cdp.Empty{})
		if err != nil {
			return chromedp.Void{}, err
		}
		for _, m := range got.Metrics {
			if m.Name == "ScriptDuration" {
				ms = m.Value * 1000
			}
		}
		return chromedp.Void{}, nil
	})
	return ms
}

// watchAges measures for ten seconds how old what is drawn is: a frame carries the room's
// time, and the frame that came soonest after its time sets the clock. It begins when the
// group has shared the partitions, three seconds after the consumer came, and has read all
// of them for a while: end to end, and with code that the browser has made fast.
const watchAges = `(async () => {
	const app = document.querySelector("partita-app"), stage = document.querySelector("partita-stage"), session = app.session;
	const seen = [], draws = [];
	let long = 0, early = Infinity;
	new PerformanceObserver((list) => long += list.getEntries().length).observe({ type: "longtask" });
	const receive = session.receive.bind(session), draw = stage.draw.bind(stage);
	session.receive = (packet) => {
		receive(packet);
		if (packet[0] === 68) early = Math.min(early, performance.now() - session.frame.time);
	};
	stage.draw = (frame, fresh) => {
		draw(frame, fresh);
		if (fresh) seen.push(performance.now() - frame.time);
	};
	const reads = () => { const { marks } = session.frame; return marks.length >= 64 && marks.every((m) => m.position > 0 && m.lag < 100_000); };
	while (!reads()) await new Promise((done) => setTimeout(done, 100));
	await new Promise((done) => setTimeout(done, 3000));
	seen.length = 0; long = 0; early = Infinity;
	const records = () => session.frame.topics[0].records, start = performance.now(), time = session.frame.time, first = records();
	await new Promise((done) => setTimeout(done, 10_000));
	const took = performance.now() - start;
	const ages = seen.map((t) => t - early).sort((a, b) => a - b);
	return {
		Frames: ages.length, Rate: ages.length / took * 1000, Long: long, AgeP50: ages[ages.length >> 1], AgeMs: ages[Math.floor(ages.length * 0.99)],
		Records: (records() - first) / took * 1000, Pace: (session.frame.time - time) / took,
	};
})()`

func benchmarkMillion(b *testing.B) {
	lines := "clear\ntopic create orders partitions=64\n"
	for i := range 10 {
		lines += fmt.Sprintf("producer add p%d topic=orders rate=100000/s acks=1\n", i+1)
	}
	lines += "consumer add c1 group=billing topics=orders process=0ms max.poll.records=10000 auto.offset.reset=latest"
	var m measured
	for b.Loop() {
		tab := visit(b, serve(b)).on(desk).open("/")
		tab.untilMoving()
		tab.play(lines)
		tab.eval(&m, watchAges)
		tab.leave()
	}
	b.ReportMetric(m.Records, "records/s")
	b.ReportMetric(m.Pace, "pace")
	b.ReportMetric(m.AgeP50, "ms-age-p50")
	b.ReportMetric(m.AgeMs, "ms-age-p99")
	b.ReportMetric(m.Rate, "frames/s")
	b.ReportMetric(float64(m.Long), "long-tasks")
	b.ReportMetric(0, "ns/op")
}
