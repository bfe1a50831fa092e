package script

import (
	"strconv"
	"strings"

	"partita/engine"
	"partita/engine/sim"
)

// thousandths reads a decimal number such as 2, 0.5 or 12.25, at most a billion.
func thousandths(text string) (int64, bool) {
	whole, part, dot := strings.Cut(text, ".")
	n, err := strconv.ParseUint(whole, 10, 31)
	if err != nil || n > 1_000_000_000 || dot && (part == "" || len(part) > 3) {
		return 0, false
	}
	m, err := strconv.ParseUint((part + "000")[:3], 10, 31)
	return int64(n*1000 + m), err == nil
}

// duration reads 200ms, 2s, 1.5s, 1m, 2h, 7d or plain milliseconds.
func (r *Runner) duration(text string) int64 {
	ms, ok := milliseconds(text)
	if !ok {
		r.fail(sim.Phrase("", clip(text), " is not a time: write 200ms, 2s, 1m or plain milliseconds"))
	}
	return ms
}

func milliseconds(text string) (int64, bool) {
	unit := int64(1)
	if rest, ok := strings.CutSuffix(text, "ms"); ok {
		text = rest
	} else if n := len(text) - 1; n > 0 {
		switch text[n] {
		case 's':
			unit = 1_000
		case 'm':
			unit = 60_000
		case 'h':
			unit = 3_600_000
		case 'd':
			unit = 86_400_000
		}
		if unit > 1 {
			text = text[:n]
		}
	}
	n, ok := thousandths(text)
	return n * unit / 1000, ok
}

// number reads a whole number from min to max.
func (r *Runner) number(what, text string, min, max int64) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < min || n > max {
		r.fail(sim.Phrase("", what, " is a whole number from ", itoa(min), " to ", itoa(max), ", not ", clip(text)))
		return min
	}
	return n
}

// splitPartition reads orders-0: what stands after the last dash is the partition.
func (r *Runner) splitPartition(text string) (topic string, p engine.Partition) {
	i := strings.LastIndexByte(text, '-')
	n, err := strconv.ParseUint(text[i+1:], 10, 31)
	if i <= 0 || err != nil {
		r.fail(sim.Phrase("", clip(text), " is not a partition: write the topic, a dash and the number, as in orders-0"))
		return "", 0
	}
	return text[:i], engine.Partition(n)
}

const maxKeys = 10_000

// keys reads truck-1..truck-6, a,b,c or null.
func (r *Runner) keys(text string) (list []string) {
	if text == "null" || text == "" {
		return nil
	}
	from, to, ok := strings.Cut(text, "..")
	if !ok {
		list = strings.SplitN(text, ",", maxKeys+1)
	} else {
		stem := strings.TrimRight(from, "0123456789")
		last, same := strings.CutPrefix(to, stem)
		a, errA := strconv.ParseUint(from[len(stem):], 10, 31)
		b, errB := strconv.ParseUint(last, 10, 31)
		if !same || errA != nil || errB != nil || b < a {
			r.fail(sim.Phrase("keys=", clip(text), " is not a range: both ends share their beginning, as in truck-1..truck-6"))
			return nil
		}
		for ; a <= b && len(list) <= maxKeys; a++ {
			list = append(list, stem+itoa(int64(a)))
		}
	}
	if len(list) > maxKeys {
		r.fail(sim.Mark + "a producer has at most 10,000 keys")
	}
	return list
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// kafkaValue takes times in words for Kafka's settings in milliseconds.
func kafkaValue(s Setting) string {
	if strings.HasSuffix(s.Name, ".ms") {
		if ms, ok := milliseconds(s.Value); ok {
			return itoa(ms)
		}
	}
	return s.Value
}

// checkName keeps names to what can be written and shown: Kafka itself takes any.
func (r *Runner) checkName(name string) string {
	if name == "" || len(name) > 64 || name == "none" || strings.ContainsAny(name, " ,\t") {
		r.fail(sim.Phrase("", clip(name), " cannot be a name: use up to 64 bytes without blanks and commas"))
	}
	return name
}

// plural gives "1 member", "3 members".
func plural(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return itoa(n) + " " + what + "s"
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
