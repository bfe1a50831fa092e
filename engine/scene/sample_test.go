package scene

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// The samples are pictures without a cluster behind them: enough to test the encoding
// and to look at a page while nothing else runs.
var sampleKinds = []string{"empty", "three", "tabs", "crowd", "words"}

// TestWriteSamples writes the samples, 600 steps each, to the folder PARTITA_SAMPLES:
// for each step its length as a uint32 and the frame at a multiple of four bytes.
func TestWriteSamples(t *testing.T) {
	dir := os.Getenv("PARTITA_SAMPLES")
	if dir == "" {
		t.Log("PARTITA_SAMPLES is not set: nothing to write")
		return
	}
	write := func(name string, encode func(step int) []byte) {
		var all []byte
		for step := range 600 {
			data := encode(step)
			n := len(data)
			all = append(all, byte(n), byte(n>>8), byte(n>>16), byte(n>>24))
			all = append(all, data...)
			for len(all)%4 != 0 {
				all = append(all, 0)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, name+".bin"), all, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, kind := range sampleKinds {
		write(kind, func(step int) []byte { return AppendFrame(nil, sampleFrame(kind, step)) })
	}
	write("seat", func(step int) []byte { return AppendSeat(nil, sampleSeat(step)) })
}

// sampleFrame is step/60 seconds after the start of a made-up run.
func sampleFrame(kind string, step int) *Frame {
	f := &Frame{Room: "main", Speed: 1000, Time: int64(step) * 16, Viewers: 1}
	switch kind {
	case "three":
		sampleTopic(f, "orders", 3, 24, step)
		f.Producers = []Producer{
			{Name: "p1", Topic: "orders", Lines: []string{"key truck-*", "acks=all"}, Rate: 2000, Sent: 120},
			{Name: "p2", Topic: "orders", Lines: []string{"no key", "acks=1"}, Rate: 500, Sent: 31, Failed: 2, Paused: true},
		}
		f.Groups = []Group{
			{Name: "billing", State: "Stable", Generation: 5, Protocol: "cooperative-sticky", Hue: 1, Lag: 5, Members: []Member{
				sampleMember("c1", MemberActive, "reading", 4, 0, 1),
				sampleMember("c2", MemberCrashed, "crashed: its session runs out", 0),
				sampleMember("c3", MemberActive, "caught up", 0, 2),
			}},
			{Name: "audit", State: "Stable", Generation: 1, Protocol: "range", Hue: 2, Lag: 16, Members: []Member{
				sampleMember("a1", MemberActive, "reading", 16, 0, 1, 2),
			}},
		}
		f.Groups[0].Members[0].Leader = true
		sampleMarks(f, step)
		f.Flights = []Flight{
			{Kind: FlightProduce, Producer: 0, Stave: 1, Progress: uint16(step * 900), Records: 1, Cell: 1<<16 | '7', Lasts: 300},
			{Kind: FlightFetch, Stave: 2, Group: 0, Member: 2, Progress: uint16(step * 1300), Records: 3, Cell: 3<<16 | '9'},
		}
		sampleNotes(f, "p1 writes a record to orders-1 every second.", "c2 crashed. The coordinator notices when its session times out.",
			"c2 missed its session timeout. orders-1 moves to c1, which starts again at offset 40.")
	case "tabs":
		f.Live, f.Tabs, f.Viewers, f.Time = true, 4, 3, 1760000000000+int64(step)*16
		sampleTopic(f, "orders", 6, 40, step)
		g := Group{Name: "tabs", State: "Stable", Generation: 9, Protocol: "cooperative-sticky", Hue: 1, Lag: 9}
		for i := range 4 {
			m := sampleMember("c"+strconv.Itoa(i+1), MemberActive, "reading", int64(i))
			m.Kind, m.Host = MemberTab, "/127.0.0.1"
			for p := i; p < 6; p += 4 {
				m.Chips = append(m.Chips, Chip{Partition: uint16(p)})
			}
			g.Members = append(g.Members, m)
		}
		g.Members[3].State, g.Members[3].Status = MemberFrozen, "frozen: its session runs out"
		f.Groups = []Group{g}
		sampleMarks(f, step)
		sampleNotes(f, "c4 took a seat: the group rebalances.", "c4 does not answer any more. Its session ends in 20 s.")
	case "crowd":
		sampleTopic(f, "orders", 64, 200, step)
		g := Group{Name: "billing", State: "Stable", Generation: 12, Protocol: "range", Hue: 3, Lag: 4000}
		for i := range 50 {
			m := sampleMember("worker-"+strconv.Itoa(i+1), MemberActive, "reading", int64(i*3))
			for p := i; p < 64; p += 50 {
				m.Chips = append(m.Chips, Chip{Partition: uint16(p)})
			}
			g.Members = append(g.Members, m)
		}
		f.Groups = []Group{g}
		sampleMarks(f, step)
		for i := range 500 {
			f.Flights = append(f.Flights, Flight{Producer: 65535, Stave: uint16(i % 64), Progress: uint16(i*997 + step*500), Records: 1, Cell: uint32(1+i%6)<<16 | 'a'})
		}
	case "words":
		sampleTopic(f, "<script>alert(1)</script>", 2, 9, step)
		f.Topics = append(f.Topics, Topic{Name: "später-Ελλάδα-주문", Partitions: 1, Detail: "1 partition"})
		f.Groups = []Group{{Name: "<b>bold</b>", State: "PreparingRebalance", Generation: 2, Hue: 4,
			Detail: "Waits for all members to join again.", Members: []Member{
				sampleMember("a-consumer-with-a-name-that-goes-on-and-on", MemberJoining, "waits for the rebalance", 0),
				sampleMember("c2", MemberIdle, "idle: 2 partitions for 3 members", 0),
				sampleMember("c3", MemberGone, "fenced: another member has its group.instance.id", 0),
			}}}
		f.Groups[0].Members[2].Session = Countdown{}
		f.Staves[1].Cells[2] |= CellTwice
		f.Staves[1].Cells[3] |= CellBusy
		f.Staves[1].Cells[4] = CellGap
		f.Staves[1].Cells[5] |= CellTombstone
		sampleMarks(f, step)
		f.Marks[1].Committed, f.Marks[1].Position, f.Marks[1].Member = -1, -1, -1
		f.Brokers[0].State, f.Brokers[0].Controller, f.Brokers[0].Rack = BrokerPaused, true, "a"
		f.Producers = []Producer{{Name: "p1", TransactionalID: "t1", Txn: "IN_TRANSACTION", ProducerID: 1000, Epoch: 3}}
		f.Staves[0].Replicas = []Replica{{Broker: 101, LEO: 9, HW: 8, InSync: true, State: ReplicaLeads, Diverged: -1},
			{Broker: 102, LEO: 11, HW: 7, State: ReplicaCatchesUp, Diverged: 8}}
		f.Staves[0].Ranges = []Range{{Kind: RangeAborted, First: 2, End: 5, Producer: 1000, Member: -1},
			{Kind: RangeAcquired, First: 6, End: 7, Producer: -1, Member: 1, Count: 2}}
		f.Groups[0].Kind, f.Groups[0].AssignmentEpoch, f.Groups[0].Duplicates = "consumer", 3, 2
		f.Groups[0].Eras = []Era{{Epoch: 2, At: 40, Cells: []EraCell{{Stave: 1, Owner: "c2", Moved: true, Paused: 1500}}}}
		f.Groups[0].Members[0].Epoch, f.Groups[0].Members[0].Awaiting = 2, []Chip{{Partition: 1}}
		f.Flights = []Flight{{Kind: FlightReplica, Broker: 101, To: 102, Records: 2, Lasts: 5}}
		f.Ledger = Ledger{Sent: 9, Acked: 8, Appended: 9, Lost: 1, Alarms: []Alarm{{At: 40, Verdict: "lost", Client: "p1",
			Partition: "orders-0", Offset: 8, Records: 1, Setting: "acks=1"}}}
		f.Exchanges = []Exchange{{Client: "c2", Group: "billing", What: "join", Sent: 30, Due: 40, Broker: 101}}
		sampleNotes(f, "<img src=x onerror=alert(1)> joined the group.")
	}
	return f
}

func sampleTopic(f *Frame, name string, partitions, cells, step int) {
	f.Brokers = []Broker{{ID: 101, Up: true, Label: "controller"}}
	t := Topic{Name: name, Partitions: int32(partitions), InView: true,
		Detail: strconv.Itoa(partitions) + " partitions · 1 replica"}
	for p := range partitions {
		leo := int64(30 + p*7%13 + step/(20+p%5*9))
		s := Stave{Topic: uint16(len(f.Topics)), Partition: uint16(p), Leader: 101, LEO: leo, HW: leo, LSO: leo,
			LogStart: max(0, leo-180)}
		if p == 1 {
			s.HW, s.LSO = leo-2, leo-2
		}
		s.First = max(s.LogStart, leo-int64(cells))
		for o := s.First; o < leo; o++ {
			k := uint32(o*7+int64(p)*3) % 6
			cell := (k+1)<<16 | uint32("729413"[k])
			if o%11 == 3 {
				cell = 0 // no key
			}
			s.Cells = append(s.Cells, cell)
		}
		t.Records += leo - s.LogStart
		f.Staves = append(f.Staves, s)
	}
	f.Topics = append(f.Topics, t)
}

func sampleMember(name string, state uint8, status string, lag int64, chips ...uint16) Member {
	m := Member{Name: name, ID: name + "-6f1c2a", Host: "/10.0.0.1", State: state, Status: status, Lag: lag,
		Session: Countdown{Left: 31000, Total: 45000}, Poll: Countdown{Left: 120000, Total: 300000},
		InHand: int32(lag / 2), Settings: "commit=auto process=200ms"}
	for _, p := range chips {
		m.Chips = append(m.Chips, Chip{Partition: p})
	}
	return m
}

// sampleMarks lets every group read every stave, each at its own distance from the end.
func sampleMarks(f *Frame, step int) {
	for g := range f.Groups {
		for i := range f.Staves {
			s := &f.Staves[i]
			mark := Mark{Stave: uint16(i), Group: uint16(g), Member: -1}
			for m := range f.Groups[g].Members {
				for _, c := range f.Groups[g].Members[m].Chips {
					if c.Partition == s.Partition {
						mark.Member = int32(m)
					}
				}
			}
			mark.Position = max(s.LogStart, s.HW-int64(g*6+i%3))
			mark.Committed = max(s.LogStart, mark.Position-int64(1+g*3+step/30%3))
			mark.Lag = s.LEO - mark.Committed
			f.Marks = append(f.Marks, mark)
		}
	}
}

func sampleNotes(f *Frame, lines ...string) {
	for i, text := range lines {
		f.Notes = append(f.Notes, Note{Seq: int64(i + 1), At: f.Time - int64(len(lines)-i)*1500, Tone: uint8(i % 4), Text: text})
	}
	f.LastNote = int64(len(lines))
}

func sampleSeat(step int) *Seat {
	s := &Seat{Room: "7F3K", Group: "billing", Name: "c2", MemberID: "c2-6f1c2a", Protocol: "cooperative-sticky",
		Generation: 5, Title: "You own 2 of 6 partitions. 4 other tabs share the rest.", Online: true, Polling: true,
		Uncommitted: 3, ProcessMs: 200, Processed: 412, LastNote: 2,
		Session: Countdown{Left: int32(45000 - step*16%3000), Total: 45000},
		Poll:    Countdown{Left: int32(94000 - step*16), Total: 300000}}
	for i, label := range []string{"orders-1", "orders-4"} {
		part := SeatPart{Label: label, Detail: "caught up", Committed: 18, Position: 18, Processed: 18, HW: 18, First: 15}
		if i == 0 {
			part.Detail, part.Committed, part.Position, part.Processed, part.HW, part.First = "lag 5 · next to commit 43", 40, 45, 43, 45, 38
		}
		for o := part.First; o < part.HW; o++ {
			k := uint32(o*7+int64(i)*3) % 6
			cell := (k+1)<<16 | uint32("729413"[k])
			switch {
			case o < part.Processed:
				cell |= CellDone
			case o == part.Processed:
				cell |= CellBusy
			}
			part.Cells = append(part.Cells, cell)
		}
		s.Parts = append(s.Parts, part)
	}
	s.Notes = []Note{{Seq: 1, At: 1000, Text: "You joined the group billing."},
		{Seq: 2, At: 9000, Tone: ToneWarn, Text: "c5 closed its tab. The coordinator gave you orders-4, starting at committed offset 15: you will see 3 records again."}}
	return s
}
