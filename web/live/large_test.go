package live

import (
	"bytes"
	"encoding/binary"
	"testing"
	"testing/synctest"

	"partita/engine"
	"partita/engine/batch"
	"partita/engine/room"
	"partita/engine/sim"
	"partita/web/host"
)

// command sends one command and gives its reply.
func (c *socketClient) command(token engine.Token, cmd engine.Command) engine.Reply {
	c.t.Helper()
	packet := binary.LittleEndian.AppendUint64([]byte{room.ToCommand}, uint64(token))
	c.send(engine.AppendCommand(append(packet, 0), cmd)...)
	reply, err := engine.DecodeReply(c.read(room.FromReply)[1:])
	if err != nil {
		c.t.Fatal(err)
	}
	if reply.Token != token {
		c.t.Fatalf("a reply to %d, want %d", reply.Token, token)
	}
	return reply
}

// TestLargeRecords: a value of almost 1 MiB goes in and out again, one in a reply however
// much the tab asks for, and a larger one is refused by its code and not by the socket.
func TestLargeRecords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t)
		c := s.dial("main")
		defer c.conn.Close()
		c.hello(room.RoleTab, "large")
		var topic engine.TopicID
		main, _ := s.rooms.Find(host.MainCode)
		main.Look(func(w *sim.World) {
			v, _ := w.Engine().Topic(host.TabsTopic)
			topic = v.ID
		})
		value := bytes.Repeat([]byte("v"), 1<<20-200)
		produce := func(token engine.Token, value []byte) engine.Reply {
			var b batch.Builder
			b.Reset(nil)
			b.Add(1, nil, value, nil)
			return c.command(token, &engine.Produce{Topic: topic, Acks: -1, Batch: b.Finish()})
		}
		for token := range engine.Token(3) {
			if r := produce(token+1, value); r.Code != engine.None || r.Offset != engine.Offset(token) {
				t.Fatalf("record %d: %v at offset %d", token, r.Code, r.Offset)
			}
		}
		if r := produce(9, bytes.Repeat(value, 2)[:1<<20+30<<10]); r.Code != engine.MessageTooLarge {
			t.Errorf("a value past max.message.bytes: %v", r.Code)
		}
		r := c.command(10, &engine.Fetch{MaxBytes: 1 << 30, MinBytes: 1, Parts: []engine.FetchPart{{Topic: topic, MaxBytes: 1 << 30}}})
		part := r.Body.(*engine.FetchReply).Parts[0]
		if part.Code != engine.None || !bytes.Contains(part.Records, value) || len(part.Records) > 3<<19 {
			t.Errorf("the fetch gave %v and %d bytes, want one record", part.Code, len(part.Records))
		}
	})
}
