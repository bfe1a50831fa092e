package sim

import (
	"strconv"
	"strings"

	"partita/engine"
	"partita/engine/client"
)

// Tones of a sentence, as a picture shows them.
const (
	TonePlain uint8 = iota
	ToneGood
	ToneWarn
	ToneBad
)

// Sentences are templates. The first character is the tone: one of tones. $ and a
// letter stand for a field of words.
const tones = ".+~!"

// words is what goes into a template.
type words struct {
	who   string // $W: a member or a client
	group string // $G
	topic string // $T
	parts string // $P: one or more partitions
	text  string // $X: what the sentence is about, as somebody wrote it
	code  engine.Code
	from  engine.Offset // $F
	epoch int32         // $E
	n     int64         // $N a number, $B a broker, $M so many members, $K so many partitions, $R so many records
	at    engine.Offset // $O
}

// fill completes a template to a phrase; an empty one stays empty.
func (f *words) fill(template string) (text string, tone uint8) {
	if template == "" {
		return "", TonePlain
	}
	tone = uint8(strings.IndexByte(tones, template[0]))
	text = Mark
	for template = template[1:]; ; template = template[2:] {
		i := strings.IndexByte(template, '$')
		if i < 0 {
			return text + template, tone
		}
		text += template[:i]
		template = template[i:]
		text += argument(f.field(template[1]))
	}
}

// field is what a letter of a template stands for.
func (f *words) field(letter byte) string {
	switch letter {
	case 'W':
		return f.who
	case 'G':
		return f.group
	case 'T':
		return f.topic
	case 'P':
		return f.parts
	case 'X':
		return f.text
	case 'C':
		return f.code.String()
	case 'M':
		return Count(f.n, "member")
	case 'K':
		return Count(f.n, "partition")
	case 'R':
		return Count(f.n, "record")
	case 'O':
		return itoa(int64(f.at))
	case 'F':
		return itoa(int64(f.from))
	case 'E':
		return itoa(int64(f.epoch))
	case 'B':
		if f.n == 0 {
			return Mark + "Every broker"
		}
		return Phrase("Broker ", itoa(f.n))
	}
	return itoa(f.n)
}

// removals has no sentence for RemovedFenced: KindMemberReplaced tells of it.
var removals = [...]string{
	engine.RemovedSessionTimeout:   "!$W missed its session timeout. The coordinator takes it out of $G.",
	engine.RemovedRebalanceTimeout: "!$W did not rejoin in time. The coordinator takes it out of $G.",
	engine.RemovedSyncTimeout:      "!$W did not fetch its assignment in time. The coordinator takes it out of $G.",
	engine.RemovedPending:          "!$W was given a member id and never joined with it. The coordinator forgets it in $G.",
}

var causes = [...]string{
	engine.CauseMemberJoined:   "~$G rebalances: $W is new.",
	engine.CauseMemberLeft:     "~$G rebalances: $W left.",
	engine.CauseMemberExpired:  "~$G rebalances: $W is gone.",
	engine.CauseMetadata:       "~$G rebalances: $W joins again with a changed subscription (its topics, or what it owns).",
	engine.CauseLeaderRejoined: "~$G rebalances: $W, the group leader, asks for a new assignment.",
	engine.CauseStaticReplaced: "~$G rebalances: $W came back with a changed subscription.",
}

const (
	offsetsTopicSentence = ".The first group is here: the cluster makes $X, the topic of committed offsets."
	takenSentence        = "~$W takes the place of $X in $G: both have the same group.instance.id, and the newer one wins."
	waitingSentence      = "~$W waits for $K that others have not given up yet."
	idleSentence         = "~$W gets no partition for now: it is idle."
	sendFailedSentence   = "!$W gives up $R: $C."
	movedSentence        = "~$P moves to $W, which starts at offset $O."
	movedAgainSentence   = "~$P moves to $W, which starts again at offset $O."
)

var breachSentences = [...]string{
	Lost:       "!$P loses $R of $W from offset $O on, which were acknowledged: $X permits it.",
	Duplicated: "!$P gets $R of $W a second time, from offset $O on: $X permits it.",
	Disordered: "!$P gets $R of $W after a later one of the same key, at offset $O: $X permits it.",
}

var groupBreachSentences = [...]string{
	Lost:       "!$R of $P will be processed by nobody in $G: $X permits it.",
	Duplicated: "!$W processes $P again from offset $O on: $X permits it.",
	Disordered: "!$W processes offset $O of $P after a later one of the same key: $X permits it.",
}

const unheardSentence = "!$R of $W never came to $P, and it will not know: $X waits for no answer."

// at is list[i], empty where there is none.
func at(list []string, i int64) string {
	if i < 0 || i >= int64(len(list)) {
		return ""
	}
	return list[i]
}

// Sentence says what an event means, in a phrase of one plain sentence or two; empty for an event
// that a picture shows by itself, such as an append. Text of users is in it as they
// wrote it: whoever shows it must not take it for markup.
func Sentence(w *World, ev *engine.Event) (text string, tone uint8) {
	template := at(eventSentences[:], int64(ev.Kind))
	switch ev.Kind {
	case engine.KindMemberRemoved:
		template = at(removals[:], ev.Aux)
	case engine.KindRebalance:
		template = at(causes[:], ev.Aux)
	case engine.KindLogStartMoved:
		if ev.Session != 0 {
			return "", TonePlain // KindRecordsDeleted has said who did it
		}
	case engine.KindBrokerChanged:
		template = at(brokerChanges[:], int64(ev.Epoch))
		if ev.Offset == 0 && template == brokerChanges[engine.BrokerSlowed] {
			template = unslowedSentence
		}
	}
	if template == "" {
		return "", TonePlain
	}
	f := words{who: w.MemberName(ev.Member), group: w.GroupName(ev.Group), topic: w.engine.TopicName(ev.Topic), n: ev.Aux, at: ev.End,
		from: ev.Offset, epoch: ev.Epoch, code: ev.Code}
	f.parts = partitionName(f.topic, ev.Partition)
	f.text = string(ev.Bytes)
	switch ev.Kind {
	case engine.KindLinkChanged, engine.KindLeaderChanged, engine.KindISRChanged, engine.KindTruncated, engine.KindReassignment,
		engine.KindControllerMoved:
		if strings.HasPrefix(f.topic, "__") {
			return "", TonePlain // there are many, and nobody asked
		}
		return f.fill(replicaSentence(ev, template, &f))
	case engine.KindDenied, engine.KindThrottled:
		f.who = w.ClientName(ev.Session)
	case engine.KindLogCleaned:
		if ev.Aux == 0 {
			return "", TonePlain
		}
	case engine.KindReconciling:
		if f.parts = assigned(ev.Bytes); f.parts == "" {
			template = waitingSentence
		}
		return f.fill(template)
	case engine.KindRevoked:
		f.parts = assigned(ev.Bytes)
		return f.fill(template)
	case engine.KindGroupConverted:
		f.text = engine.GroupKind(ev.Aux).String()
		return f.fill(template)
	case engine.KindAssigned:
		if f.parts = assigned(ev.Bytes); f.parts == "" {
			template = idleSentence
		}
		return f.fill(template)
	case engine.KindGeneration:
		f.at = engine.Offset(ev.Epoch)
	case engine.KindMemberReplaced:
		if f.text = w.MemberName(engine.MemberID(ev.Aux)); f.text != f.who {
			template = takenSentence
		}
		return f.fill(template)
	}
	if ev.Kind == engine.KindTopicCreated && f.text == engine.OffsetsTopic {
		template = offsetsTopicSentence
	}
	return f.fill(template)
}

// replicaSentence chooses what to say of brokers and replicas.
func replicaSentence(ev *engine.Event, template string, f *words) string {
	switch ev.Kind {
	case engine.KindControllerMoved:
		if ev.Aux < 0 {
			return noControllerSentence
		}
	case engine.KindLinkChanged:
		if ev.Aux == 1 {
			return cutSentence
		}
	case engine.KindLeaderChanged:
		switch {
		case ev.End < 0:
			return noLeaderSentence
		case engine.Election(ev.Aux) == engine.ElectedUnclean:
			return uncleanSentence
		case engine.Election(ev.Aux) == engine.ElectedPreferred:
			return preferredSentence
		}
	case engine.KindISRChanged:
		if ev.Aux < 0 {
			f.n = -ev.Aux
			return shrinkSentence
		}
	case engine.KindTruncated:
		f.at = ev.Offset
		if ev.Code == engine.KafkaStorageError {
			return unsyncedSentence
		}
	case engine.KindReassignment:
		switch ev.Aux {
		case 2:
			return movedThereSentence
		case 3:
			return moveEndedSentence
		}
	}
	return template
}

// assigned lists the partitions of an assignment.
func assigned(bytes []byte) string {
	a, _ := engine.ParseAssignment(bytes)
	var list names
	for _, t := range a.Partitions {
		for _, p := range t.Partitions {
			list.add(t.Topic, engine.Partition(p))
		}
	}
	return list.text()
}

var factSentences = [...]string{
	client.FactRevoked:      ".$W gives up $P.",
	client.FactLost:         "!$W has lost $P without a chance to commit.",
	client.FactCommitFailed: "!$W cannot commit: $C. What it processed since its last commit will be processed again.",
	client.FactOffsetReset:  ".$W finds no valid committed offset for $P and starts at offset $O (auto.offset.reset=$X).",
	client.FactPollTimeout:  "!$W has not polled for $N ms (max.poll.interval.ms): it leaves $G.",
	client.FactRejoining:    "~$W hears $C: it is not a member any more, and joins again.",
	client.FactTruncated:    "!$W finds that $P lost records which it had read: a new leader did not have them. It goes on at offset $O.",
	client.FactFatal:        "!$W stops for good: $C.",
}

const (
	resetManySentence = ".$W finds no valid committed offset for $P and starts at the $X offsets (auto.offset.reset)."
	noOffsetSentence  = "!$W has no valid offset to start at, and auto.offset.reset=none: it stops for good."
)

// FactSentence says what a consumer did, in one plain sentence; empty where the
// cluster's events tell it, or nobody would want to read it each time. Facts is a run
// of facts of one kind.
func FactSentence(_ *World, c *Consumer, facts []client.Fact) (text string, tone uint8) {
	last := &facts[len(facts)-1]
	template := at(factSentences[:], int64(last.Kind))
	switch {
	case template == "" || last.Kind == client.FactRejoining && (last.Code == engine.RebalanceInProgress || last.Code == engine.None),
		last.Kind == client.FactCommitFailed && last.Code.Retriable(): // it will try again
		return "", TonePlain
	case last.Kind == client.FactOffsetReset && len(facts) > 1:
		template = resetManySentence
	case last.Kind == client.FactFatal && last.Code == engine.OffsetOutOfRange:
		template = noOffsetSentence
	}
	var list names
	for i := range facts {
		list.add(facts[i].Topic, facts[i].Partition)
	}
	f := words{who: c.Name, group: c.Group, parts: list.text(), text: c.cfg.AutoOffsetReset, code: last.Code,
		n: c.cfg.MaxPollIntervalMs, at: last.Offset}
	return f.fill(template)
}

// names lists partitions: "orders-0, orders-1 and 4 more".
type names struct {
	list string
	n    int
}

const namesMost = 6

func (l *names) add(topic string, p engine.Partition) {
	l.n++
	if l.n > namesMost {
		return
	}
	if l.n > 1 {
		l.list += ", "
	}
	l.list += partitionName(topic, p)
}

func (l *names) text() string {
	if l.n > namesMost {
		return Phrase("", l.list, " and ", strconv.Itoa(l.n-namesMost), " more")
	}
	return l.list
}

func partitionName(topic string, p engine.Partition) string {
	return engine.TopicPartition{Topic: topic, Partition: p}.String()
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
