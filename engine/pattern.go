package engine

import (
	"strconv"
	"unicode/utf8"
)

// pattern is a regular expression over names, as a list of instructions for a machine
// that is in many places at once: time and memory grow with the name, never worse. It
// knows what people write into subscriptions: characters, dot, classes, groups, |, the
// repeats * + ? and {n,m}, the anchors, and \d \w \s \. and their like. Kafka uses RE2/J;
// what else that knows is refused.
type pattern struct{ code []step }

// step is one instruction. A character class is an interval list, from to from to.
type step struct {
	op   stepOp
	neg  bool
	a, b int // where to go on
	set  []rune
}

type stepOp uint8

const (
	stepSet   stepOp = iota // consume one character of the set
	stepSplit               // go on at a and at b
	stepStart               // only at the beginning
	stepEnd                 // only at the end
	stepDone
)

// maxPattern bounds the instructions: repeats of repeats multiply.
const maxPattern = 2000

// maxRepeats bounds counts, and counts within counts multiplied, as RE2 does.
const maxRepeats = 1000

func validPattern(s string) bool { return compilePattern(s) != nil }

// compilePattern gives nil for an expression that is wrong or not understood.
func compilePattern(s string) *pattern {
	c := &compiler{rest: []rune(s), bad: !utf8.ValidString(s)}
	c.either()
	if c.bad || len(c.rest) > 0 {
		return nil
	}
	c.emit(step{op: stepDone})
	return &pattern{c.code}
}

type compiler struct {
	rest []rune
	code []step
	bad  bool
	deep int // how often the last piece is repeated by counts within counts
}

//go:noinline
func (c *compiler) emit(s step) {
	if len(c.code) >= maxPattern {
		c.bad = true
		return
	}
	c.code = append(c.code, s)
}

//go:noinline
func (c *compiler) peek() rune {
	if len(c.rest) == 0 || c.bad {
		return -1
	}
	return c.rest[0]
}

//go:noinline
func (c *compiler) accept(r rune) bool {
	if c.peek() == r {
		c.rest = c.rest[1:]
		return true
	}
	return false
}

//go:noinline
func (c *compiler) next() rune {
	r := c.peek()
	if r < 0 {
		c.bad = true
		return 0
	}
	c.rest = c.rest[1:]
	return r
}

// insert puts an instruction before those from at on, which move by one.
func (c *compiler) insert(at int, s step) {
	c.emit(step{})
	if c.bad {
		return
	}
	copy(c.code[at+1:], c.code[at:])
	for i := at + 1; i < len(c.code); i++ {
		c.code[i].shift(at, 1)
	}
	c.code[at] = s
}

// shift moves where an instruction goes on, if that is at or after from.
func (s *step) shift(from, by int) {
	if s.op == stepSplit {
		if s.a >= from {
			s.a += by
		}
		if s.b >= from {
			s.b += by
		}
	}
}

// either compiles alternatives: one|other.
func (c *compiler) either() {
	at := len(c.code)
	c.sequence()
	deepest := c.deep
	for c.accept('|') {
		c.insert(at, step{op: stepSplit})
		jump := len(c.code)
		c.emit(step{op: stepSplit})
		other := len(c.code)
		c.sequence()
		deepest = max(deepest, c.deep)
		if c.bad {
			return
		}
		c.code[at].a, c.code[at].b = at+1, other
		c.code[jump].a, c.code[jump].b = len(c.code), len(c.code)
	}
	c.deep = deepest
}

func (c *compiler) sequence() {
	deepest := 1
	for r := c.peek(); r >= 0 && r != '|' && r != ')'; r = c.peek() {
		at := len(c.code)
		c.deep = 1
		c.one()
		c.repeats(at)
		deepest = max(deepest, c.deep)
	}
	c.deep = deepest
}

func (c *compiler) one() {
	switch r := c.next(); r {
	case '(':
		if c.accept('?') && !c.accept(':') { // lookaround, flags, names
			c.bad = true
		}
		c.either()
		c.bad = c.bad || !c.accept(')')
	case '[':
		c.class()
	case '.':
		c.emit(step{op: stepSet, neg: true, set: []rune{'\n', '\n'}})
	case '^':
		c.emit(step{op: stepStart})
	case '$':
		c.emit(step{op: stepEnd})
	case '\\':
		c.escape()
	case '*', '+', '?':
		c.bad = true
	default:
		c.emit(step{op: stepSet, set: []rune{r, r}})
	}
}

// escape compiles what follows a backslash.
func (c *compiler) escape() {
	s := step{op: stepSet}
	s.set, s.neg, c.bad = escaped(c.next(), c.bad)
	c.emit(s)
}

// escaped is the set that a letter after a backslash stands for.
func escaped(r rune, bad bool) (set []rune, neg, wrong bool) {
	switch r {
	case 'd', 'D':
		set = []rune{'0', '9'}
	case 'w', 'W':
		set = []rune{'0', '9', 'A', 'Z', '_', '_', 'a', 'z'}
	case 's', 'S':
		set = []rune{'\t', '\n', '\f', '\r', ' ', ' '}
	default:
		letter := r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		return []rune{r, r}, false, bad || letter || r >= utf8.RuneSelf
	}
	return set, r < 'a', bad
}

// class compiles [...] after its first bracket.
func (c *compiler) class() {
	s := step{op: stepSet, neg: c.accept('^')}
	for first := true; first || c.peek() != ']'; first = false {
		lo := c.next()
		if c.bad {
			return
		}
		if lo == '[' && c.peek() == ':' { // [:alpha:]
			c.bad = true
			return
		}
		if lo == '\\' {
			set, neg, bad := escaped(c.next(), c.bad)
			if c.bad = bad || neg; len(set) > 2 || set[0] != set[1] {
				s.set = append(s.set, set...)
				continue
			}
			lo = set[0]
		}
		hi := lo
		if len(c.rest) > 1 && c.rest[0] == '-' && c.rest[1] != ']' {
			c.next()
			if hi = c.next(); hi == '\\' {
				set, _, bad := escaped(c.next(), c.bad)
				c.bad, hi = bad || len(set) > 2 || set[0] != set[1], set[0]
			}
			c.bad = c.bad || hi < lo
		}
		s.set = append(s.set, lo, hi)
	}
	c.next()
	c.emit(s)
}

// repeats compiles what follows the piece that begins at at. A ? after a repeat changes
// which match is found first, not whether there is one.
func (c *compiler) repeats(at int) {
	least, most := 1, 1
	switch {
	case c.accept('*'):
		least, most = 0, -1
	case c.accept('+'):
		least, most = 1, -1
	case c.accept('?'):
		least, most = 0, 1
	case c.accept('{'):
		if least = c.number(); c.accept('}') {
			most = least
		} else if c.bad = c.bad || !c.accept(','); c.accept('}') {
			most = -1
		} else {
			most = c.number()
			c.bad = c.bad || !c.accept('}') || most < least
		}
		c.deep *= max(1, least, most)
		c.bad = c.bad || c.deep > maxRepeats
	default:
		return
	}
	c.accept('?')
	if r := c.peek(); r == '*' || r == '+' || r == '?' || r == '{' {
		c.bad = true
	}
	c.multiply(at, least, most)
}

func (c *compiler) number() int {
	digits := ""
	for r := c.peek(); r >= '0' && r <= '9'; r = c.peek() {
		digits += string(c.next())
	}
	n, err := strconv.Atoi(digits)
	c.bad = c.bad || err != nil || n > maxRepeats
	return n
}

// multiply repeats the piece that begins at at least times, and then up to most times,
// -1 for without end.
func (c *compiler) multiply(at, least, most int) {
	piece := append([]step(nil), c.code[at:]...)
	c.code = c.code[:at]
	again := func() {
		by := len(c.code) - at
		for _, s := range piece {
			s.shift(0, by)
			c.emit(s)
		}
	}
	for i := 0; i < least && !c.bad; i++ {
		again()
	}
	if most < 0 {
		split := len(c.code)
		c.emit(step{op: stepSplit, a: split + 1})
		again()
		c.emit(step{op: stepSplit, a: split, b: split})
		if !c.bad {
			c.code[split].b = len(c.code)
		}
	}
	for i := least; i < most && !c.bad; i++ {
		split := len(c.code)
		c.emit(step{op: stepSplit, a: split + 1})
		again()
		if !c.bad {
			c.code[split].b = len(c.code)
		}
	}
}

// match tells whether all of s fits.
func (p *pattern) match(s string) bool {
	if p == nil {
		return false
	}
	runes := []rune(s)
	now, next := make([]bool, len(p.code)), make([]bool, len(p.code))
	p.enter(now, 0, 0, len(runes))
	for i, r := range runes {
		for pc := range now {
			if now[pc] && p.code[pc].takes(r) {
				p.enter(next, pc+1, i+1, len(runes))
			}
		}
		now, next = next, now
		clear(next)
	}
	return now[len(now)-1]
}

// enter notes that the machine may be at pc, and wherever it gets from there without
// consuming anything.
func (p *pattern) enter(at []bool, pc, pos, end int) {
	if at[pc] {
		return
	}
	at[pc] = true
	switch s := &p.code[pc]; {
	case s.op == stepSplit:
		p.enter(at, s.a, pos, end)
		p.enter(at, s.b, pos, end)
	case s.op == stepStart && pos == 0, s.op == stepEnd && pos == end:
		p.enter(at, pc+1, pos, end)
	}
}

func (s *step) takes(r rune) bool {
	if s.op != stepSet {
		return false
	}
	for i := 0; i < len(s.set); i += 2 {
		if s.set[i] <= r && r <= s.set[i+1] {
			return !s.neg
		}
	}
	return s.neg
}
