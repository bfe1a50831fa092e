package script

import (
	"strings"

	"partita/engine"
	"partita/engine/sim"
)

func linkVerbs() []verb {
	return []verb{
		{words: "link cut", form: "w|w", settings: "direction", run: cutLink, example: "link cut c1 102 direction=out",
			same: same{text: "iptables -A INPUT -s (the other end) -j DROP"}},
		{words: "link heal", form: "|ww", settings: "direction", run: cutLink, example: "link heal c1 102",
			same: same{text: "iptables -D INPUT -s (the other end) -j DROP"}},
		faulty("drop", "10%", func(f *sim.Faults, n, _ int64) { f.Drop = n }),
		faulty("duplicate", "10%", func(f *sim.Faults, n, _ int64) { f.Duplicate = n }),
		faulty("reorder", "10%", func(f *sim.Faults, n, _ int64) { f.Reorder = n }),
		faulty("delay", "10% by=500ms", func(f *sim.Faults, n, by int64) { f.Delay, f.DelayMs = n, by }),
		faulty("jitter", "20ms", func(f *sim.Faults, n, _ int64) { f.JitterMs = n }),
		{words: "link", settings: "latency", run: link, example: "link latency=50ms"},
		{words: "skew", form: "ww", run: skew, example: "skew p1 -5s", same: same{text: "date -s (a wrong time), on the machine of @1"}},
	}
}

// cutLink cuts, or heals, what joins two brokers or a client and the brokers. out is
// from the first that is named to the second, in is back.
func cutLink(r *Runner, a *args) {
	cut := a.Words[1] == "cut"
	direction, given := a.setting("direction")
	out, in := direction != "in", direction != "out"
	if given && out && in {
		r.fail(sim.Mark + "direction is out or in; without it, both")
	}
	if len(a.words) == 0 {
		r.World.Mend()
		r.World.Call(&engine.HealLink{}, nil)
		return
	}
	second := int32(0)
	if len(a.words) > 1 {
		second = r.broker(a.words[1])
	}
	first := a.words[0]
	if first[0] < '0' || first[0] > '9' {
		if r.err == nil && !r.World.Cut(first, second, out, in, cut) {
			r.fail(r.noClient(first))
		}
		return
	}
	one := r.broker(first)
	for i, wanted := range [...]bool{out, in} {
		from, to := one, second
		if i == 1 {
			from, to = second, one
		}
		if wanted && r.err == nil {
			var cmd engine.Command = &engine.HealLink{From: from, To: to}
			if cut {
				cmd = &engine.CutLink{From: from, To: to}
			}
			r.brokerCall(cmd, "")
		}
	}
}

func (r *Runner) noClient(name string) string {
	m := missing{what: sim.Mark + "consumer or producer", name: name}
	for _, c := range r.World.Consumers() {
		m.is(c.Name)
	}
	for _, p := range r.World.Producers() {
		m.is(p.Name)
	}
	return m.text()
}

// faulty makes a verb that sets one kind of fault of a client's links, to all brokers or
// to one. 0 ends it.
func faulty(second, example string, set func(f *sim.Faults, n, by int64)) verb {
	words := "link " + second
	known := ""
	if strings.Contains(example, "by=") {
		known = "by"
	}
	return verb{words: words, form: "ww|w", settings: known, example: words + " p1 " + example,
		same: same{text: "tc qdisc add dev eth0 root netem " + second + ", on the machine of @2"}, run: func(r *Runner, a *args) {
			broker := int32(0)
			last := a.words[len(a.words)-1]
			if len(a.words) == 3 {
				broker = r.broker(a.words[1])
			}
			n := int64(0)
			if second == "jitter" {
				n = min(r.duration(last), maxLatency)
			} else {
				n = r.percent(last)
			}
			by := int64(500)
			if text, ok := a.setting("by"); ok {
				by = min(r.duration(text), maxLatency)
			}
			if r.err == nil && !r.World.SetFaults(a.words[0], broker, func(f *sim.Faults) { set(f, n, by) }) {
				r.fail(r.noClient(a.words[0]))
			}
		}}
}

// percent reads 10% or 2.5% as thousandths.
func (r *Runner) percent(text string) int64 {
	number, _ := strings.CutSuffix(text, "%")
	n, ok := thousandths(number)
	if !ok || n > 100_000 {
		r.fail(sim.Phrase("", clip(text), " is not a share: write 10% or 0%"))
	}
	return n / 100
}

// skew sets a client's clock ahead, or behind.
func skew(r *Runner, a *args) {
	text, behind := strings.CutPrefix(a.words[1], "-")
	ms := r.duration(strings.TrimPrefix(text, "+"))
	if behind {
		ms = -ms
	}
	if r.err == nil && !r.World.SetSkew(a.words[0], ms) {
		r.fail(r.noClient(a.words[0]))
	}
}
