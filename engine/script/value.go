package script

import (
	"errors"
	"strconv"
	"strings"

	"partita/engine"
)

// thousandths reads a decimal number such as 2, 0.5 or 12.25, at most a billion.
func thousandths(text string) (int64, bool) {
	whole, part, dot := strings.Cut(text, ".")
	n, err := strconv.ParseUint(whole, 10, 31)
	if err != nil || n > 1_000_000_000 || whole[0] == '+' || dot && (part == "" || len(part) > 3) {
		return 0, false
	}
	total := int64(n) * 1000
	for i, unit := 0, int64(100); i < len(part); i, unit = i+1, unit/10 {
		if part[i] < '0' || part[i] > '9' {
			return 0, false
		}
		total += int64(part[i]-'0') * unit
	}
	return total, true
}

// duration reads 200ms, 2s, 1.5s, 1m, 2h, 7d or plain milliseconds.
func duration(text string) (int64, error) {
	number, unit := text, int64(1)
	for _, u := range [...]struct {
		suffix string
		ms     int64
	}{{"ms", 1}, {"s", 1000}, {"m", 60_000}, {"h", 3_600_000}, {"d", 86_400_000}} {
		if rest, ok := strings.CutSuffix(text, u.suffix); ok {
			number, unit = rest, u.ms
			break
		}
	}
	n, ok := thousandths(number)
	if !ok {
		return 0, errors.New(clip(text) + " is not a time: write 200ms, 2s, 1m or plain milliseconds")
	}
	return n * unit / 1000, nil
}

// rate reads 5/s, 0.5/s or plain records a second, as thousandths.
func rate(text string) (int64, error) {
	n, ok := thousandths(strings.TrimSuffix(text, "/s"))
	if !ok {
		return 0, errors.New(clip(text) + " is not a rate: write 5/s for five records a second")
	}
	return n, nil
}

// number reads a whole number from min to max.
func number(what, text string, min, max int64) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < min || n > max {
		return 0, errors.New(what + " is a whole number from " + itoa(min) + " to " + itoa(max) + ", not " + clip(text))
	}
	return n, nil
}

// partition reads orders-0: what stands after the last dash is the partition.
func partition(text string) (topic string, p engine.Partition, err error) {
	i := strings.LastIndexByte(text, '-')
	if i > 0 {
		if n, err := strconv.ParseUint(text[i+1:], 10, 31); err == nil {
			return text[:i], engine.Partition(n), nil
		}
	}
	return "", 0, errors.New(clip(text) + " is not a partition: write the topic, a dash and the number, as in orders-0")
}

// keys reads truck-1..truck-6, a,b,c or null.
func keys(text string) ([]string, error) {
	if text == "null" || text == "" {
		return nil, nil
	}
	from, to, ok := strings.Cut(text, "..")
	if !ok {
		list := strings.Split(text, ",")
		if len(list) > maxKeys {
			return nil, errKeys
		}
		return list, nil
	}
	stem, first := splitNumber(from)
	last, number := splitNumber(to)
	if last != stem || first == "" || number == "" {
		return nil, errors.New("keys=" + clip(text) + " is not a range: both ends share their beginning, as in truck-1..truck-6")
	}
	a, errA := strconv.ParseInt(first, 10, 32)
	b, errB := strconv.ParseInt(number, 10, 32)
	if errA != nil || errB != nil || b < a || b-a >= maxKeys {
		return nil, errKeys
	}
	list := make([]string, 0, b-a+1)
	for ; a <= b; a++ {
		list = append(list, stem+itoa(a))
	}
	return list, nil
}

const maxKeys = 10_000

var errKeys = errors.New("keys are at most 10,000, counted up: truck-1..truck-6, or a,b,c, or null")

// splitNumber cuts the digits from the end of a word.
func splitNumber(s string) (stem, digits string) {
	i := len(s)
	for i > 0 && s[i-1] >= '0' && s[i-1] <= '9' {
		i--
	}
	return s[:i], s[i:]
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// yes reads true or false.
func yes(name, text string) (bool, error) {
	if text != "true" && text != "false" {
		return false, errors.New(name + " is true or false, not " + clip(text))
	}
	return text == "true", nil
}
