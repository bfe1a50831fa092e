package engine

// Engine is one cluster. The zero value is not usable; see New. Its state is plain data,
// and Snapshot copies all of it: new state gets its copy in snapshot.go.
type Engine struct {
	now    Time
	random random
	broker brokerConfig
	timers timers

	brokers         []broker // by id from FirstBroker
	latency         Time     // one way, between brokers
	keeping         bool     // the batch that is appended next is the engine's (Produce.Keep)
	serving         int32    // the broker that handles the command; 0: whichever is right
	controller      int32    // -1: none now
	controllerEpoch int32
	electing        bool // a timer is set for the next election of a controller
	elections       uint64
	balancing       bool // a timer is set for the next look at preferred leaders
	metadata        []metadataRecord
	metadataBase    uint64 // how many entries before metadata are not needed any more
	manual          bool   // followers fetch when a test says so
	recovering      bool   // events are being replayed: nothing is done but what they say

	topics      []*topic // by TopicID; index 0 is unused, nil after a delete
	topicByName map[string]TopicID
	offsets     TopicID // OffsetsTopic, 0 until first needed
	parked      []parkedFetch
	fetchSerial uint32
	topicSerial uint64 // counts topics made, deleted and grown

	nextProducerID int64 // the first id that was not given out
	expiring       bool  // a timer will look for producers to forget

	txns         []*txn // by txn.id; nil when forgotten
	txnByName    map[string]uint32
	transactions TopicID // TransactionsTopic, 0 until first needed
	deferred     []deferred

	expiringTxns bool // a timer will look for transactional ids to forget

	groups        []*group // by GroupID; index 0 is unused, nil after a delete
	groupByName   map[string]GroupID
	groupSettings []*groupSettings // in the order in which they were first set
	shareStates   TopicID          // ShareStateTopic, 0 until first needed
	shareSessions []*shareSession
	parkedShares  []parkedShare
	waitingShares []waitingShare
	wakingShares  bool
	memberNames   []string // by MemberID; never shrinks
	coordinator   Code     // why groups are not served; None, as long as there is one broker
	writer        recordWriter

	callers     []*caller // by session
	acls        []*ACL    // in order
	authorizing bool      // authorizer.class.name is set
	quotas      []*Quota  // in order
	rates       []*rate   // by key
	metering    bool      // there are quotas
	throttleMs  int32     // of the command at hand, for a reply that waits

	seq     uint64
	digest  uint64
	scratch []byte
	ready   Ready
	open    func(bytes []byte) []byte // Config.Open
	memory  func(size int) []byte     // Config.Memory
}

// New makes an empty cluster.
func New(cfg Config) *Engine {
	e := &Engine{
		random:      newRandom(cfg.Seed),
		topics:      make([]*topic, 1),
		topicByName: map[string]TopicID{},
		groups:      make([]*group, 1),
		groupByName: map[string]GroupID{},
		txnByName:   map[string]uint32{},
		memberNames: make([]string, 1),
		digest:      digestStart,
		open:        cfg.Open,
		memory:      cfg.Memory,
	}
	e.broker = newBrokerConfig(cfg.Defaults)
	e.startBrokers(cfg)
	e.reguard()
	return e
}

// Ready is what the caller has to handle now. It is lent until Advance.
type Ready struct {
	Events  []Event
	Replies []Reply
}

// Apply fires the timers due by at, in (deadline, id) order, then applies cmd. It
// never blocks and never fails: a refusal is a Reply that carries a Kafka error code.
// A time before the last one counts as the last one.
func (e *Engine) Apply(at Time, from Session, tok Token, cmd Command) {
	e.Tick(at)
	e.take(from, tok, cmd)
}

// Tick fires the timers due by at.
func (e *Engine) Tick(at Time) {
	for len(e.timers.heap) > 0 && e.timers.heap[0].at <= at {
		t := e.timers.pop()
		e.now = max(e.now, t.at)
		e.fire(t)
	}
	e.now = max(e.now, at)
}

// Deadline is the time of the next timer; false when there is none.
func (e *Engine) Deadline() (Time, bool) {
	if len(e.timers.heap) == 0 {
		return 0, false
	}
	return e.timers.heap[0].at, true
}

// Now is the time of the last Apply or Tick.
func (e *Engine) Now() Time { return e.now }

// Ready gives the events and replies since the last Advance.
func (e *Engine) Ready() Ready { return e.ready }

// Advance takes back what Ready lent. The rows are written over, not cleared: what
// they point to lives a little longer, and nothing is spent on it.
func (e *Engine) Advance() {
	e.ready.Events = e.ready.Events[:0]
	e.ready.Replies = e.ready.Replies[:0]
}

// reply answers a command.
func (e *Engine) reply(to Session, tok Token, code Code, body Body) {
	e.ready.Replies = append(e.ready.Replies, Reply{To: to, Token: tok, Code: code, Offset: -1, At: -1, Body: body})
	if e.metering {
		if f, ok := body.(*FetchReply); ok {
			e.meterFetch(&e.ready.Replies[len(e.ready.Replies)-1], f)
		}
	}
}

// refuse answers with a code and a sentence about it, in Kafka's words.
func (e *Engine) refuse(to Session, tok Token, code Code, why string) {
	e.reply(to, tok, code, nil)
	e.ready.Replies[len(e.ready.Replies)-1].Reason = why
}

// emit records one fact. It fills Seq and At.
func (e *Engine) emit(ev Event) {
	row := e.nextEvent()
	seq := row.Seq
	*row = ev
	row.Seq, row.At = seq, e.now
	e.digestEvent(row)
}

// nextReply makes room for one more reply, with whatever the row held before.
func (e *Engine) nextReply() *Reply {
	n := len(e.ready.Replies)
	if n < cap(e.ready.Replies) {
		e.ready.Replies = e.ready.Replies[:n+1]
	} else {
		e.ready.Replies = append(e.ready.Replies, Reply{})
	}
	return &e.ready.Replies[n]
}

// nextEvent makes room for one more event, numbered and timed, with whatever else the
// row held before.
func (e *Engine) nextEvent() *Event {
	e.seq++
	n := len(e.ready.Events)
	if n < cap(e.ready.Events) {
		e.ready.Events = e.ready.Events[:n+1]
	} else {
		e.ready.Events = append(e.ready.Events, Event{})
	}
	row := &e.ready.Events[n]
	row.Seq, row.At = e.seq, e.now
	return row
}
