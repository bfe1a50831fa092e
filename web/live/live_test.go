package live

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"partita/engine/room"
	"partita/web/host"
)

func TestPacketsGoBothWays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t).dial("main")
		defer c.conn.Close()
		c.hello(room.RoleViewer, "")
		c.script(7, "show topics")
		if got := c.read(room.FromResult); got[1] != 7 {
			t.Errorf("the result of script %d, want 7", got[1])
		}
		c.pull()
		if got := c.read(room.FromFrame); len(got) < 100 {
			t.Errorf("a frame of %d bytes", len(got))
		}
	})
}

// TestRefusals: what is wrong with a packet is said once, in the close frame, and the
// server goes on.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name    string
		kind    int
		packet  []byte
		code    int
		because string
	}{
		{"oversized", websocket.BinaryMessage, append([]byte{room.ToScript}, make([]byte, room.MaxPacket)...), 1009, "1 MiB"},
		{"text", websocket.TextMessage, []byte("hello"), 1003, "binary"},
		{"unknown type", websocket.BinaryMessage, []byte{200, 1, 2}, 1008, "packet"},
		{"empty", websocket.BinaryMessage, nil, 1008, "packet"},
		{"garbage", websocket.BinaryMessage, bytes.Repeat([]byte{0xff}, 900), 1008, "packet"},
		{"a cut command", websocket.BinaryMessage, []byte{room.ToCommand, 1}, 1008, ""},
		{"a second hello", websocket.BinaryMessage, []byte{room.ToHello, room.Version, room.RoleViewer}, 1008, "hello"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := start(t)
				client, other := s.dial("main"), s.dial("main")
				client.hello(room.RoleTab, "c1")
				other.hello(room.RoleViewer, "")
				go client.conn.WriteMessage(c.kind, c.packet)
				if text := client.ends(c.code); !strings.Contains(text, c.because) {
					t.Errorf("the reason is %q; it should speak of %q", text, c.because)
				}
				other.script(1, "show topics")
				other.read(room.FromResult)
				other.conn.Close()
			})
		})
	}
}

// TestBrokenFrames: bytes that are no WebSocket frames end the socket.
func TestBrokenFrames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t).dial("main")
		c.hello(room.RoleViewer, "")
		raw := c.conn.NetConn()
		go raw.Write(bytes.Repeat([]byte{0xff}, 64))
		if _, err := io.Copy(io.Discard, raw); err != nil {
			t.Errorf("reading to the end: %v", err)
		}
	})
}

func TestRoomsThatCannotBeHad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t)
		if text := s.dial("no_such_code").ends(websocket.ClosePolicyViolation); text != host.ErrCode.Error() {
			t.Errorf("a bad code: %q", text)
		}
		for i := range host.RoomsMost - 1 {
			if _, err := s.rooms.Visit("r" + strings.Repeat("x", i%30) + string(rune('a'+i/30))); err != nil {
				t.Fatal(err)
			}
		}
		if text := s.dial("one-more").ends(websocket.CloseTryAgainLater); !strings.HasPrefix(host.ErrTooMany.Error(), text[:40]) {
			t.Errorf("too many rooms: %q", text)
		}
	})
}

func TestOtherOrigins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t)
		for origin, ok := range map[string]bool{
			"http://partita.test": true, "https://PARTITA.test": true,
			"http://partita.test:81": false, "http://elsewhere.test": false, "null": false,
		} {
			conn, response, err := s.try("main", http.Header{"Origin": {origin}})
			if (err == nil) != ok {
				t.Errorf("origin %s: %v", origin, err)
			}
			if conn != nil {
				conn.Close()
			} else if response.StatusCode != http.StatusForbidden {
				t.Errorf("origin %s: status %d", origin, response.StatusCode)
			}
		}
	})
}

// TestSlowViewer: a viewer that does not read holds one picture, gets the newest when it
// reads again, and is dropped when it never does.
func TestSlowViewer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t)
		slow, quick := s.dial("main"), s.dial("main")
		slow.hello(room.RoleViewer, "")
		quick.hello(room.RoleViewer, "")
		for range 20 {
			slow.pull()
			quick.pull()
			quick.read(room.FromFrame)
		}
		time.Sleep(writeTimeout / 2)
		frames := 0
		slow.conn.SetReadDeadline(time.Now().Add(time.Second))
		for {
			_, packet, err := slow.conn.ReadMessage()
			if err != nil {
				break
			}
			if packet[0] == room.FromFrame {
				frames++
			}
		}
		if frames < 1 || frames > 2 { // one was on its way, the other is the newest
			t.Errorf("a viewer that did not read for 20 frames got %d", frames)
		}
		quick.conn.Close()
		slow.conn.Close()
	})
}

// TestFrozenTab: what waits for a tab that does not read is bounded, and then the tab is
// dropped.
func TestFrozenTab(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t)
		c := s.dial("main")
		c.hello(room.RoleViewer, "")
		began := time.Now()
		for {
			packet := append([]byte{room.ToScript, 0, 0, 0, 0}, bytes.Repeat([]byte("show topics\n"), 500)...)
			if c.conn.WriteMessage(websocket.BinaryMessage, packet) != nil {
				break
			}
			time.Sleep(time.Millisecond)
			if time.Since(began) > time.Minute {
				t.Fatal("the socket is still open")
			}
		}
		if took := time.Since(began); took > writeTimeout+goodbyeTimeout {
			t.Errorf("dropped after %v", took)
		}
	})
}

// TestSilentPeer: a socket whose other end answers no ping is closed.
func TestSilentPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t).dial("main")
		c.hello(room.RoleViewer, "")
		c.conn.SetPingHandler(func(string) error { return nil })
		began := time.Now()
		c.conn.ReadMessage()
		if took := time.Since(began); took != pongTimeout {
			t.Errorf("closed after %v, want %v", took, pongTimeout)
		}
	})
}

// TestQuietPeer: one that answers pings stays, however little it says.
func TestQuietPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t).dial("main")
		c.hello(room.RoleViewer, "")
		time.AfterFunc(10*time.Minute, func() { c.script(3, "show topics") })
		c.read(room.FromResult)
		c.conn.WriteControl(websocket.PingMessage, []byte("you?"), time.Now().Add(time.Second))
		answered := false
		c.conn.SetPongHandler(func(data string) error { answered = data == "you?"; c.conn.Close(); return nil })
		c.conn.ReadMessage()
		if !answered {
			t.Error("a ping had no answer")
		}
	})
}

func TestServerStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t)
		c := s.dial("main")
		c.hello(room.RoleTab, "c1")
		go s.rooms.Stop(t.Context())
		if text := c.ends(websocket.CloseGoingAway); text != host.ErrStopping.Error() {
			t.Errorf("the reason is %q", text)
		}
	})
}

func TestCloseReasonsFit(t *testing.T) {
	for _, reason := range []string{"", "short", strings.Repeat("x", 300), strings.Repeat("ü", 300), strings.Repeat("音", 60) + "x"} {
		frame := appendClose(nil, 1008, reason)
		if len(frame) != 2+int(frame[1]) || frame[1] > controlMost {
			t.Errorf("a close frame of %d bytes says %d", len(frame), frame[1])
		}
		if !strings.HasPrefix(reason, string(frame[4:])) || len(reason) > 200 && frame[1] < controlMost-4 {
			t.Errorf("%q became %q", reason, frame[4:])
		}
	}
}

func TestHeaders(t *testing.T) {
	for size, want := range map[int][]byte{
		0: {0x82, 0}, 125: {0x82, 125}, 126: {0x82, 126, 0, 126}, 65535: {0x82, 126, 255, 255},
		65536: {0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0},
	} {
		if got := appendHeader(nil, websocket.BinaryMessage, size); !bytes.Equal(got, want) {
			t.Errorf("the header for %d bytes is % x, want % x", size, got, want)
		}
	}
}
