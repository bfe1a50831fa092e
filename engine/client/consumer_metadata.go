package client

import (
	"slices"
	"strings"

	"partita/engine"
)

// catalogue is what the consumer knows of topics.
type catalogue struct {
	subscribed []string // sorted
	groupWide  []string // of all members, while this one is the group leader; sorted
	topics     []topic  // that exist, by name
	known      bool     // there was an answer at all
	wanted     bool     // something is missing, or was found to be out of date
	learnedAt  engine.Time
	askAt      engine.Time // not before: retry.backoff.ms
	askFail    int
}

type topic struct {
	name    string
	id      engine.TopicID
	count   int32
	leaders []engine.PartitionMetadata
}

// subscribe makes topics the subscription.
func (c *Consumer) subscribe(topics []string) {
	c.subscribed = slices.Clone(topics)
	engine.SortStrings(c.subscribed)
	c.subscribed = slices.Compact(c.subscribed)
	c.wanted, c.askFail, c.askAt = true, 0, 0
}

// watched are the topics to ask for: the group leader looks after all of the group's.
func (c *Consumer) watched() []string {
	all := append(slices.Clone(c.subscribed), c.groupWide...)
	engine.SortStrings(all)
	return slices.Compact(all)
}

// topicNamed finds a topic that exists.
func (c *Consumer) topicNamed(name string) (topic, bool) {
	i, ok := slices.BinarySearchFunc(c.topics, name, func(t topic, name string) int { return strings.Compare(t.name, name) })
	if !ok {
		return topic{}, false
	}
	return c.topics[i], true
}

// refresh asks for metadata when it is wanted or older than metadata.max.age.ms.
func (c *Consumer) refresh() {
	at := engine.Time(0)
	if c.known && !c.wanted {
		at = c.learnedAt + engine.Time(min(c.cfg.MetadataMaxAgeMs, 1<<53))
	}
	at = max(at, c.askAt)
	switch {
	case c.waiting(callMetadata):
	case at > c.now:
		c.wake(at)
	default:
		c.send(call{kind: callMetadata}, &engine.Metadata{Names: c.watched()})
	}
}

// learn takes a Metadata reply. A topic that does not exist is asked for again soon,
// so that it is noticed when it appears.
func (c *Consumer) learn(r *engine.Reply) {
	body, ok := r.Body.(*engine.MetadataReply)
	if r.Code != engine.None || !ok {
		c.askAt = c.retryAt(&c.askFail)
		return
	}
	c.topics = c.topics[:0]
	c.known, c.wanted, c.learnedAt = true, false, c.now
	for i := range body.Topics {
		t := &body.Topics[i]
		switch {
		case t.Code == engine.None:
			c.topics = append(c.topics, topic{strings.Clone(t.Name), t.Topic, int32(len(t.Partitions)), t.Partitions})
		case t.Code == engine.InvalidTopic:
			c.fail(Fact{Code: t.Code, Topic: t.Name})
			return
		default:
			c.wanted = true
		}
	}
	ts := c.topics
	engine.SortBy(len(ts), func(i, j int) bool { return ts[i].name < ts[j].name }, func(i, j int) { ts[i], ts[j] = ts[j], ts[i] })
	if !c.wanted {
		c.askFail = 0
	}
	failures := c.askFail
	c.askAt = c.retryAt(&failures)
	if c.wanted {
		c.askFail = failures
	}
	for _, p := range c.parts {
		c.place(p)
	}
	c.watch()
}

// outdated asks for metadata again, after an error that says that it is old.
func (c *Consumer) outdated() { c.wanted = true }

// place looks up the topic of a partition.
func (c *Consumer) place(p *part) {
	t, ok := c.topicNamed(p.topic)
	p.gone = !ok || int32(p.index) >= t.count
	if p.gone {
		return
	}
	if p.id != t.id { // or it was deleted and made again
		c.renamed(p, p.id)
		p.id, p.lead, p.epoch = t.id, unknownLeader, -1
	}
	p.lead.learn(&t.leaders[p.index])
}

// snapshot is the partition counts of the group's topics, as an assignor wants them.
func (c *Consumer) snapshot() []engine.AssignorTopic {
	var list []engine.AssignorTopic
	for _, name := range c.groupWide {
		if t, ok := c.topicNamed(name); ok {
			list = append(list, engine.AssignorTopic{Name: t.name, Partitions: t.count})
		}
	}
	return list
}

// watch lets the group leader ask for a new assignment when the topics are not those
// any more that it divided up.
func (c *Consumer) watch() {
	if !c.leads || c.state != stable {
		return
	}
	now := c.snapshot()
	if !slices.EqualFunc(now, c.divided, func(a, b engine.AssignorTopic) bool {
		return a.Name == b.Name && a.Partitions == b.Partitions
	}) && !c.rejoin {
		c.rejoin = true
		c.fact(Fact{Kind: FactRejoining, Epoch: c.generation})
	}
}
