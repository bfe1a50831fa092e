// Package scene makes the frame: a picture of the visible part of a cluster, ready
// to draw. Go decides everything that a viewer shows; a page only draws.
//
// # Encoding
//
// AppendFrame writes a frame as little-endian bytes, field by field in the order of
// the structs below, without padding:
//
//   - bool and uint8 are one byte, uint16 two, int32 and uint32 four;
//   - times, offsets and counts of type int64 are float64, exact up to 2^53;
//   - string is a uint16 index into the table of strings;
//   - a slice is a uint16 count and its elements, one after another.
//
// A frame starts with the byte FrameVersion, then the table of strings: a uint16
// count and for each string a uint16 length and its UTF-8 bytes. Then comes Frame.
// The cells of a stave, []uint32, start at a multiple of 4 bytes from the start of
// the frame (0 to 3 zero bytes before them), so that a page can read them in place.
package scene

// FrameVersion is the first byte of an encoded Frame, SeatVersion of a Seat.
const (
	FrameVersion uint8 = 4
	SeatVersion  uint8 = 101
)

// Frame is what a stage shows.
type Frame struct {
	Room      string
	Live      bool // wall clock: cannot be paused
	Paused    bool
	Speed     int32 // thousandths: 1000 is 1x
	Time      int64 // ms; in a live room Unix time
	Viewers   int32 // pages that look at this room
	Tabs      int32 // browser tabs that are consumers
	Brokers   []Broker
	Topics    []Topic
	Producers []Producer
	Staves    []Stave // of the topics in view, by topic then partition
	Groups    []Group
	Marks     []Mark
	Flights   []Flight
	Notes     []Note // newest last; at most NotesMost
	LastNote  int64  // Seq of the newest note ever
	Ledger    Ledger
	Exchanges []Exchange // of group coordinators, oldest first; at most ExchangesMost

	Compared string       // how the run that stands beside this one differs; empty without one
	Figures  []Difference // what the two have come to; none without another run
}

// Difference is one figure of two runs.
type Difference struct {
	Name        string
	Here, There int64
}

// ExchangesMost bounds the exchanges of a frame, ErasMost the eras of one group.
const (
	ExchangesMost = 64
	ErasMost      = 8
)

// NotesMost bounds the notes of a frame.
const NotesMost = 12

// Broker is one broker.
type Broker struct {
	ID         int32
	Up         bool
	Label      string // "controller", empty, or what is wrong
	State      uint8  // BrokerUp and so on
	Fenced     bool   // the controller takes it for dead: it leads nothing
	Controller bool
	Rack       string // broker.rack
	SlowMs     int32  // how much longer it takes for everything
}

// States of a broker's process.
const (
	BrokerUp uint8 = iota
	BrokerStopping
	BrokerDown
	BrokerPaused
)

// Topic is one topic, in view or not. Internal topics are left out.
type Topic struct {
	Name       string
	Partitions int32
	InView     bool
	Detail     string // "6 partitions · 1 replica"
	Records    int64  // in all partitions, from log start to log end
	Replicas   int32  // of each partition
	MinISR     int32  // min.insync.replicas
}

// Producer is one simulated producer.
type Producer struct {
	Name   string
	Topic  string
	Lines  []string // what stands on its card: "key truck-*", "acks=1"
	Rate   int32    // records a second, thousandths
	Sent   int64
	Failed int64
	Paused bool

	TransactionalID string // empty: it is not transactional
	Txn             string // where its transaction is, as Java's client says it; empty: none
	ProducerID      int64  // -1: none
	Epoch           int32  // of the producer id
	State           uint8  // MemberActive, MemberFrozen or MemberCrashed
}

// Stave is one partition.
type Stave struct {
	Topic       uint16 // index into Topics
	Partition   uint16
	Leader      int32 // broker id
	LeaderEpoch int32
	LogStart    int64
	HW          int64 // high watermark
	LSO         int64 // last stable offset
	LEO         int64 // log end offset
	First       int64 // offset of the first cell
	Cells       []uint32
	Replicas    []Replica // the preferred leader first
	Ranges      []Range   // of offsets from First on
}

// Replica is one replica of a partition, as its broker knows it.
type Replica struct {
	Broker   int32
	LEO      int64
	HW       int64
	LogStart int64
	InSync   bool  // in the ISR
	State    uint8 // ReplicaFollows and so on
	Diverged int64 // its log differs from the leader's from here on; -1 nowhere
}

// States of a replica.
const (
	ReplicaFollows uint8 = iota
	ReplicaLeads
	ReplicaCatchesUp // not in the ISR
	ReplicaOffline   // its broker is down
	ReplicaAdded     // by a reassignment under way
	ReplicaRemoved   // likewise
)

// Range is offsets of a stave that have something in common.
type Range struct {
	Kind     uint8 // RangeOpen and so on
	First    int64
	End      int64  // one past the last
	Producer int64  // producer id of a transaction, -1
	Group    uint16 // RangeAcquired and on: index into Groups
	Member   int32  // RangeAcquired: index into the group's Members, -1
	Count    int32  // RangeAcquired and RangeAvailable: how often they were given out
}

// Kinds of range.
const (
	RangeOpen         uint8 = iota // of a transaction under way
	RangeAborted                   // of one that was aborted
	RangeLost                      // acknowledged records that the log has lost; later ones may stand there now
	RangeAcquired                  // a share group's member has them
	RangeAvailable                 // given out before, and to be given out again
	RangeAcknowledged              // settled, behind records that are not
	RangeArchived                  // rejected, or given out too often
	RangeCommitted                 // of a transaction that was committed
)

// A cell is one offset of a stave: bits 0-15 the letter (a UTF-16 code unit, 0 for
// none), bits 16-19 the hue 1-6 (0 for a record without a key), bits 20-27 flags.
const (
	CellGap       uint32 = 1 << 20 // no record at this offset any more
	CellBusy      uint32 = 1 << 21 // being processed by a consumer now
	CellDone      uint32 = 1 << 22 // processed (seat only)
	CellTwice     uint32 = 1 << 23 // processed more than once in one group
	CellTombstone uint32 = 1 << 24 // null value
	CellCommit    uint32 = 1 << 25 // no record: a transaction's commit marker
	CellAbort     uint32 = 1 << 26 // no record: an abort marker
)

// Group is one consumer group.
type Group struct {
	Name       string
	State      string // Kafka's word
	Generation int32
	Protocol   string // the assignor; empty unless Stable
	Hue        uint8  // 1-4
	Lag        int64
	Detail     string // one line in plain words, may be empty
	Members    []Member

	Kind            string // classic, consumer (KIP-848) or share (KIP-932)
	AssignmentEpoch int32  // of its target assignment; Generation is then the group epoch
	Duplicates      int64  // records processed again
	Lost            int64  // committed past, processed by nobody
	Disorder        int64  // processed after a later one of the same key
	Effects         int64  // outside the cluster, of consumers with a sink
	Repeats         int64  // effects of a record that had one before
	Eras            []Era  // who owned what, oldest first; at most ErasMost
}

// Era is one generation of a group, or one epoch: who owned what.
type Era struct {
	Epoch int32
	At    int64
	Cells []EraCell
}

// EraCell is the owner of one partition that is in view.
type EraCell struct {
	Stave  uint16 // index into Staves
	Owner  string // empty: nobody
	Moved  bool   // it was somebody else before
	Paused int32  // ms that nobody read it before this owner did; in the newest era it may still grow
}

// Member is one member, or a consumer of ours that is not a member now.
type Member struct {
	Name     string // client id, or what a person called it
	ID       string // Kafka's member id, may be empty
	Instance string // group.instance.id, may be empty
	Host     string
	Leader   bool   // group leader
	Kind     uint8  // MemberSim and so on
	State    uint8  // MemberActive and so on
	Status   string // "reading", "caught up", "idle: 6 partitions for 7 members", "timed out"
	Lag      int64
	Session  Countdown // until the session times out
	Poll     Countdown // until max.poll.interval.ms has passed
	InHand   int32     // records of the last poll not yet processed
	Chips    []Chip    // its partitions
	Settings string    // script settings for people: "commit=auto process=200ms"

	Epoch    int32  // member epoch (KIP-848, share groups); -1 none
	Revoking []Chip // what it is to give up
	Awaiting []Chip // what it is to have, and others have not given up yet
	Pending  int64  // records processed and not committed
	RanOut   uint8  // which clock took it out of the group: ClockSession or ClockPoll, 0 neither
}

// Kinds of member.
const (
	MemberSim     uint8 = iota // a consumer of the script
	MemberTab                  // a browser tab
	MemberForeign              // somebody else's client
)

// Clocks of a member that may run out.
const (
	ClockSession uint8 = 1 + iota
	ClockPoll
)

// States of a member, for its look.
const (
	MemberActive  uint8 = iota
	MemberJoining       // waits for the rebalance
	MemberIdle          // in the group, without a partition
	MemberFrozen        // not running, its session runs out
	MemberCrashed       // gone without a goodbye, its session runs out
	MemberGone          // left, timed out or fenced; shown for a while
)

// Countdown is a draining clock; Total 0 means there is none.
type Countdown struct {
	Left  int32 // ms
	Total int32 // ms
}

// Chip is one assigned partition on a member.
type Chip struct {
	Topic     uint16 // index into Topics
	Partition uint16
	Paused    bool
}

// Mark is where one group stands in one partition that is in view.
type Mark struct {
	Stave     uint16 // index into Staves
	Group     uint16 // index into Groups
	Member    int32  // owner, index into the group's Members; -1 nobody
	Committed int64  // -1 none
	Position  int64  // -1 not known
	Lag       int64  // log end offset minus committed (or log start)
	Processed int64  // one past the last record that the owner finished; -1 not known
}

// Flight is one record batch between two places.
type Flight struct {
	Kind     uint8  // FlightProduce or FlightFetch
	Producer uint16 // FlightProduce: index into Producers, 65535 a record sent by hand
	Stave    uint16 // index into Staves
	Group    uint16 // FlightFetch: index into Groups
	Member   uint16 // FlightFetch: index into the group's Members
	Progress uint16 // 0 at the start to 65535 at the goal
	Records  uint16 // in the batch
	Cell     uint32 // its first record
	Broker   int32  // that it comes from or goes to; FlightReplica: the leader's; 0 not known
	To       int32  // FlightReplica: the follower's
	Lasts    uint32 // ms from the start to the goal, so that a viewer draws it between two frames
}

// Kinds of flight.
const (
	FlightProduce uint8 = iota
	FlightFetch
	FlightReplica // from the partition leader to a follower
)

// Ledger is the custody of all records.
type Ledger struct {
	Sent       int64 // records that left producers
	Acked      int64
	Failed     int64 // given up by producers
	Appended   int64 // in logs, copies included
	Lost       int64
	Duplicated int64
	Disordered int64
	Alarms     []Alarm // newest last; at most NotesMost
}

// Alarm is a verdict that turned bad.
type Alarm struct {
	At        int64
	Verdict   string // lost, duplicated or disordered
	Client    string // whose settings permitted it
	Group     string // empty: it is about the log
	Partition string // orders-0
	Offset    int64  // -1: never had one
	Records   int64
	Setting   string // that permitted it
}

// Exchange is one request to a group coordinator, or its answer.
type Exchange struct {
	Client string
	Group  string
	What   string // join, sync, heartbeat, commit, leave, offsets
	Reply  bool
	Code   string // of a reply, empty when all is well
	Sent   int64
	Due    int64 // when it arrives, or has arrived
	Broker int32
}

// Note is one plain sentence about something that happened.
type Note struct {
	Seq  int64 // counts from 1
	At   int64 // ms
	Tone uint8
	Text string
}

// Tones of a note.
const (
	TonePlain uint8 = iota
	ToneGood
	ToneWarn
	ToneBad
)

// Seat is what a tab that is a consumer shows. It is encoded like Frame, after the
// byte SeatVersion.
type Seat struct {
	Room        string
	Group       string
	Name        string // "c2"
	MemberID    string
	Protocol    string
	Generation  int32
	State       uint8  // MemberActive and so on
	Title       string // one sentence: "You own 2 of 6 partitions. 4 other tabs share the rest."
	Online      bool   // the socket is open
	Polling     bool
	Auto        bool  // commits by itself
	Uncommitted int64 // records processed and not committed
	ProcessMs   int32
	Session     Countdown
	Poll        Countdown
	Processed   int64 // records in all
	Parts       []SeatPart
	Notes       []Note
	LastNote    int64
}

// SeatPart is one partition that the tab owns.
type SeatPart struct {
	Label     string // "orders-1"
	Detail    string // "lag 3 · next to commit 43"
	Committed int64  // -1 none
	Position  int64  // next to poll; -1 not known
	Processed int64  // one past the last record processed; -1 none
	HW        int64  // -1 not known
	First     int64  // offset of the first cell
	Cells     []uint32
}
