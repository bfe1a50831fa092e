package scene

import (
	"strconv"

	"partita/engine"
	"partita/engine/sim"
)

func (b *Builder) buildProducers(f *Frame) {
	f.Producers = f.Producers[:0]
	for _, p := range b.world.Producers() {
		f.Producers = extend(f.Producers)
		out := &f.Producers[len(f.Producers)-1]
		gen := p.Generator()
		*out = Producer{Name: p.Name, Topic: gen.Topic, Lines: append(out.Lines[:0], keysLine(gen.Keys), "acks="+acksText(p.Config().Acks)),
			Rate: int32(gen.Rate), Sent: p.Sent(), Failed: p.Failed(), Paused: p.Paused(), ProducerID: -1}
		if view := p.View(); view.ProducerID >= 0 {
			out.ProducerID, out.Epoch = view.ProducerID, int32(view.Epoch)
			out.TransactionalID = p.Config().TransactionalID
			if out.TransactionalID != "" {
				out.Txn = view.State.String()
			}
		}
		if p.State() == sim.Frozen {
			out.State = MemberFrozen
		}
	}
}

func keysLine(keys []string) string {
	switch len(keys) {
	case 0:
		return sim.Mark + "no key"
	case 1:
		return sim.Phrase("key ", keys[0])
	}
	return sim.Phrase("key ", keys[0], " … ", keys[len(keys)-1])
}

func acksText(acks int16) string {
	if acks < 0 {
		return "all"
	}
	return strconv.Itoa(int(acks))
}

// flightsMost bounds the records that a frame shows on their way.
const flightsMost = 500

func (b *Builder) buildFlights(f *Frame) {
	f.Flights = f.Flights[:0]
	now := b.world.Now()
	b.world.Flights(func(fl *sim.Flight) {
		if len(f.Flights) == flightsMost || fl.Arrives <= fl.Sent {
			return
		}
		for ti, id := range b.topicAt {
			if id == fl.Topic {
				if stave := b.staveIndex(f, ti, fl.Partition); stave >= 0 {
					b.flight(f, fl, stave, now)
				}
			}
		}
	})
}

func (b *Builder) flight(f *Frame, fl *sim.Flight, stave int, now engine.Time) {
	progress := int64(now-fl.Sent) * 65535 / int64(fl.Arrives-fl.Sent)
	value := []byte{}
	if fl.Tombstone {
		value = nil
	}
	out := Flight{Stave: uint16(stave), Producer: 65535, Progress: uint16(max(0, min(progress, 65535))),
		Records: uint16(min(fl.Records, 65535)), Cell: Cell(fl.Key, value), Broker: fl.Broker, Lasts: uint32(fl.Arrives - fl.Sent)}
	if fl.Consumer == nil {
		for i, p := range b.world.Producers() {
			if p == fl.Producer {
				out.Producer = uint16(i)
			}
		}
		f.Flights = append(f.Flights, out)
		return
	}
	out.Kind = FlightFetch
	for gi := range f.Groups {
		for mi := range f.Groups[gi].Members {
			if f.Groups[gi].Name == fl.Consumer.Group && f.Groups[gi].Members[mi].Name == fl.Consumer.Name {
				out.Group, out.Member = uint16(gi), uint16(mi)
				f.Flights = append(f.Flights, out)
				return
			}
		}
	}
}
