package room

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"partita/engine"
	"partita/engine/client"
	"partita/engine/scene"
	"partita/engine/sim"
)

// ToPage is the type of packets that a Seat makes for its own page, not for the room.
const ToPage uint8 = 128

// ownTokens marks the tokens of requests that the seat makes for itself, beside
// those of its consumer.
const ownTokens engine.Token = 1 << 63

// lookEvery is how often a seat asks about its group, in milliseconds.
const lookEvery = 2_000

// Seat is the tab's end of a session: the consumer that the tab is, and the packets
// to and from the room. It keeps no clock; heartbeats go out only if Tick is called,
// so a frozen tab is frozen for the group as well.
type Seat struct {
	config   client.ConsumerConfig
	room     string
	consumer *client.Consumer
	crashed  bool
	polling  bool
	online   bool
	greeted  bool

	out     outbox
	waiting []engine.Token // sent and not answered
	tokens  engine.Token   // of the seat's own requests
	looked  engine.Time
	members int32 // in the group, as last described
	total   int32 // partitions of the topics

	notes   []scene.Note
	noted   int64
	tapes   []tape
	history history
	view    client.ConsumerView
	picture scene.Seat
	drawn   engine.Time
}

// NewSeat makes a seat from lines of name=value: room, name and topics, and any
// setting of a consumer by its Kafka name.
func NewSeat(settings string) (*Seat, error) {
	s := &Seat{config: client.DefaultConsumerConfig(), polling: true, total: -1}
	s.config.AutoOffsetReset = "earliest"
	for line := range strings.SplitSeq(settings, "\n") {
		name, value, _ := strings.Cut(line, "=")
		var err error
		switch name {
		case "":
		case "room":
			s.room = value
		case "name":
			s.config.ClientID = value
		case "topics":
			s.config.Topics = strings.Split(value, ",")
		default:
			if ms, bad := client.Duration(value); bad == nil && strings.HasSuffix(name, ".ms") {
				value = strconv.FormatInt(ms, 10) // people may write 10s, as in scripts
			}
			err = s.config.Set(name, value)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := s.config.Check(); err != nil {
		return nil, err
	}
	if s.config.App.Output != "" {
		return nil, errors.New("a seat reads: output is for simulated consumers")
	}
	if s.config.GroupID == "" || len(s.config.Topics) == 0 {
		return nil, errors.New("a seat needs group.id and topics")
	}
	return s, nil
}

// Order carries out one line from the page: online, offline, commit, stop, poll,
// crash, restart, leave, close, or a setting as name=value (process=200ms).
func (s *Seat) Order(now engine.Time, line string) error {
	name, value, setting := strings.Cut(line, "=")
	switch {
	case setting:
		config := s.config
		if err := config.Set(name, value); err != nil {
			return err
		}
		if name != "process" {
			return errors.New(name + " can be set before the consumer starts, not while it runs")
		}
		s.config = config
		if s.consumer != nil {
			s.consumer.SetProcess(config.App.ProcessMs)
		}
	case line == "online":
		s.hello()
	case line == "offline":
		s.lostRoom(now)
	case line == "crash":
		s.crash(now)
	case line == "restart":
		s.restart(now)
	case line == "close":
		s.leave(now)
		s.out.bytes = append(s.out.bytes, ToBye)
		s.out.end()
	case s.consumer == nil:
		return errors.New("there is no consumer now: restart it first")
	case line == "commit":
		s.consumer.Commit(now)
	case line == "stop" || line == "poll":
		s.polling = line == "poll"
		s.consumer.StopPolling(!s.polling)
	case line == "leave":
		s.leave(now)
	default:
		return errors.New("a seat does not know " + sim.Quote(line))
	}
	s.drawn = 0
	s.Tick(now)
	return nil
}

// hello greets the room on a new socket.
func (s *Seat) hello() {
	s.out.bytes = append(s.out.bytes, ToHello, Version, RoleTab)
	s.out.bytes = append(s.out.bytes, s.config.ClientID...)
	s.out.end()
}

// lostRoom answers what is under way with NETWORK_EXCEPTION, as a client does whose
// connection broke, so that the consumer tries again when there is a socket.
func (s *Seat) lostRoom(now engine.Time) {
	s.online = false
	waiting := s.waiting
	s.waiting = nil
	for _, token := range waiting {
		if s.consumer != nil && token&ownTokens == 0 {
			s.consumer.Reply(now, &engine.Reply{Token: token, Code: engine.NetworkException})
		}
	}
}

func (s *Seat) crash(now engine.Time) {
	if s.consumer == nil {
		return
	}
	s.look()
	s.consumer, s.crashed = nil, true
	s.waiting = s.waiting[:0]
	s.note(now, scene.ToneBad, sim.Mark+"You crashed without a goodbye. The coordinator notices when your session times out.")
}

func (s *Seat) restart(now engine.Time) {
	if s.consumer != nil && !s.consumer.Closed() {
		return
	}
	s.tapes = s.tapes[:0]
	s.crashed, s.polling = false, true
	s.consumer = client.NewConsumer(s.config)
	s.note(now, scene.TonePlain, sim.Phrase("A new consumer starts in this tab and asks to join ", s.config.GroupID, "."))
}

func (s *Seat) leave(now engine.Time) {
	if s.consumer != nil {
		s.consumer.Close(now)
	}
}

func (s *Seat) note(now engine.Time, tone uint8, text string) {
	s.noted++
	s.notes = append(s.notes, scene.Note{Seq: s.noted, At: int64(now), Tone: tone, Text: text})
	if len(s.notes) > scene.NotesMost {
		s.notes = append(s.notes[:0], s.notes[1:]...)
	}
	s.drawn = 0
}

// Receive takes one packet from the room.
func (s *Seat) Receive(now engine.Time, packet []byte) error {
	if len(packet) == 0 {
		return errors.New("an empty packet came from the room")
	}
	body := packet[1:]
	switch packet[0] {
	case FromWelcome:
		return s.welcome(now, body)
	case FromReply:
		reply, err := engine.DecodeReply(slices.Clone(body)) // a fetch reply aliases its bytes
		if err != nil {
			return err
		}
		s.reply(now, &reply)
	case FromNotes:
		if len(body) >= 8 {
			s.hear(now, string(body[8:]))
		}
	case FromError:
		s.note(now, scene.ToneBad, string(body))
	}
	s.Tick(now)
	return nil
}

func (s *Seat) welcome(now engine.Time, body []byte) error {
	if len(body) < 12 {
		return errors.New("the room's welcome was cut short")
	}
	s.online = true
	s.config.ClientID = string(body[12:])
	if s.consumer == nil && !s.crashed && !s.greeted {
		s.consumer = client.NewConsumer(s.config)
	}
	s.greeted = true
	s.Tick(now)
	return nil
}

// hear keeps the room's sentences, one a line, each after a byte with its tone.
func (s *Seat) hear(now engine.Time, lines string) {
	for line := range strings.SplitSeq(lines, "\n") {
		if len(line) > 1 {
			s.note(now, line[0]-'0', line[1:])
		}
	}
}

func (s *Seat) reply(now engine.Time, reply *engine.Reply) {
	for i, token := range s.waiting {
		if token == reply.Token {
			s.waiting = append(s.waiting[:i], s.waiting[i+1:]...)
			break
		}
	}
	switch body := reply.Body.(type) {
	case *engine.DescribeGroupsReply:
		if reply.Token&ownTokens != 0 && len(body.Groups) == 1 {
			s.members = int32(len(body.Groups[0].Members))
			return
		}
	case *engine.ConsumerGroupDescribeReply:
		if len(body.Groups) == 1 {
			s.members = int32(len(body.Groups[0].Members))
		}
		return
	case *engine.MetadataReply:
		if reply.Token&ownTokens != 0 {
			s.total = 0
			for i := range body.Topics {
				s.total += int32(len(body.Topics[i].Partitions))
			}
			return
		}
	}
	if s.consumer != nil && reply.Token&ownTokens == 0 {
		s.consumer.Reply(now, reply)
	}
}

// Tick runs what is due and gives the time of the next call; 0 stands for at once.
func (s *Seat) Tick(now engine.Time) engine.Time {
	next := now + lookEvery
	if s.consumer != nil && s.online {
		s.consumer.Tick(now)
		s.takeFacts(now)
		for _, request := range s.consumer.Requests() {
			s.send(request.Token, request.Broker, request.Command)
		}
		s.consumer.Sent()
		if at, ok := s.consumer.Deadline(); ok {
			next = min(next, at)
		}
		if s.consumer.Crashed() {
			s.crash(now)
			s.config.App.CrashAt = client.CrashNever // the next process does not
			return next
		}
		if s.consumer.Closed() {
			s.consumer = nil
			s.note(now, scene.TonePlain, sim.Mark+"You left the group. The others share your partitions.")
		}
	}
	if s.online && now-s.looked >= lookEvery {
		s.looked = now
		groups := []string{s.config.GroupID}
		switch {
		case s.config.Share:
			s.ask(&engine.ShareGroupDescribe{Groups: groups})
		case s.config.GroupProtocol == "consumer":
			s.ask(&engine.ConsumerGroupDescribe{Groups: groups})
		default:
			s.ask(&engine.DescribeGroups{Groups: groups})
		}
		s.ask(&engine.Metadata{Names: s.config.Topics})
	}
	return next
}

func (s *Seat) ask(cmd engine.Command) {
	s.tokens++
	s.send(ownTokens|s.tokens, 0, cmd)
}

func (s *Seat) send(token engine.Token, broker int32, cmd engine.Command) {
	s.waiting = append(s.waiting, token)
	s.out.bytes = appendUint64(append(s.out.bytes, ToCommand), uint64(token))
	s.out.bytes = engine.AppendCommand(append(s.out.bytes, byte(broker)), cmd)
	s.out.end()
}

// Output gives the next packet to send, nil when there is none; lent until the next
// call. Packets of type ToPage are for the page, all others for the room.
func (s *Seat) Output() []byte { return s.out.next() }
