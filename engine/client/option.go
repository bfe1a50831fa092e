package client

import (
	"errors"
	"slices"
	"strconv"
	"strings"
)

// option is a setting by Kafka's name and where it is kept: in one of the pointers.
type option struct {
	name    string
	num     *int64
	min     int64
	max     int64
	text    *string
	words   []string // what text may be; nil for anything but nothing
	flag    *bool
	special uint8
}

func (o *option) value() string {
	switch {
	case o.num != nil:
		return itoa(*o.num)
	case o.flag != nil:
		return strconv.FormatBool(*o.flag)
	}
	return *o.text
}

func find(options []option, name, of string) (*option, error) {
	for i := range options {
		if options[i].name == name {
			return &options[i], nil
		}
	}
	return nil, errors.New(name + " is not a setting of a " + of + ", or is not modelled")
}

func (o *option) set(value string) error {
	switch {
	case o.num != nil:
		n, err := strconv.ParseInt(value, 10, 64)
		switch {
		case err != nil || n > o.max:
			kind := "INT"
			if o.max > maxInt32 {
				kind = "LONG"
			}
			return o.refuse(value, "Not a number of type "+kind)
		case n < o.min:
			return o.refuse(value, "Value must be at least "+itoa(o.min))
		}
		*o.num = n
	case o.flag != nil:
		if value != "true" && value != "false" {
			return o.refuse(value, "Expected value to be either true or false")
		}
		*o.flag = value == "true"
	case o.words != nil:
		if _, err := o.word(o.words, value); err != nil {
			return err
		}
		*o.text = value
	case value == "":
		return o.refuse(value, "String must be non-empty")
	default:
		*o.text = value
	}
	return nil
}

// word is the place of value among words.
func (o *option) word(words []string, value string) (int, error) {
	i := slices.Index(words, value)
	if i < 0 {
		return i, o.refuse(value, "String must be one of: "+strings.Join(words, ", "))
	}
	return i, nil
}

// refuse words an error as Kafka's ConfigException does.
func (o *option) refuse(value, why string) error {
	return errors.New("Invalid value " + value + " for configuration " + o.name + ": " + why)
}

// Duration reads 200ms, 2s or 1m, or a number of milliseconds, from 0 to a day.
func Duration(text string) (ms int64, err error) {
	number, unit := text, int64(1)
	for _, u := range [...]struct {
		suffix string
		ms     int64
	}{{"ms", 1}, {"s", 1_000}, {"m", 60_000}} {
		if rest, ok := strings.CutSuffix(text, u.suffix); ok {
			number, unit = rest, u.ms
			break
		}
	}
	n, err := strconv.ParseInt(number, 10, 32)
	if err != nil || n < 0 || n*unit > 86_400_000 {
		return 0, errors.New("\"" + text + "\" is not a time from 0 to a day, as in 200ms, 2s or 1m")
	}
	return n * unit, nil
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
