package room

import (
	"errors"
	"strings"

	"partita/engine"
	"partita/engine/script"
	"partita/engine/sim"
)

// Result is what one script line gave.
type Result struct {
	Line   int    // from 1
	Text   string // the line
	Output string // empty if it had nothing to say
	Error  string // empty if it went well
	told   string // the output or the error, as a phrase
}

// Script runs lines one after another and goes on after a line that fails. Blank
// lines and comments have no result.
func (r *Room) Script(now engine.Time, lines string) []Result {
	r.Advance(now, 0)
	r.looked = true
	var results []Result
	number := 0
	for line := range strings.SplitSeq(lines, "\n") {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		result := Result{Line: number, Text: line}
		if number > linesMost {
			result.told = sim.Phrase("a script may have at most ", itoa(linesMost), " lines")
			result.Error = sim.Plain(result.told)
			results = append(results, result)
			break
		}
		output, err := r.runner.Run(line)
		r.looked = r.looked && r.runner.Looked()
		result.Output, result.told = output, output
		if said := r.runner.Said(); strings.HasPrefix(said, sim.Mark) {
			result.told = said
		}
		if err != nil {
			result.Error, result.told = err.Error(), script.Told(err)
		}
		results = append(results, result)
	}
	r.changed = r.changed || !r.looked
	return results
}

// Looked reports whether the last script only looked: nobody has anything new to see.
func (r *Room) Looked() bool { return r.looked }

func (r *Room) runScript(now engine.Time, s *session, body []byte) error {
	if len(body) < 4 {
		return errors.New("a script packet that is too short")
	}
	results := r.Script(now, string(body[4:]))
	packet := append(append(s.out.bytes, FromResult), body[:4]...)
	for i := range results {
		failed, text := byte(0), results[i].told
		if results[i].Error != "" {
			failed = 1
		}
		packet = appendUint32(append(packet, failed), uint32(results[i].Line))
		packet = append(appendUint32(packet, uint32(len(text))), text...)
	}
	s.out.bytes = packet
	r.queued(s)
	return nil
}

// clock is the room's own clock, for the verbs play, pause and speed.
type clock struct{ r *Room }

func (c clock) Play() { c.r.paused, c.r.changed = false, true }

func (c clock) Pause() { c.r.paused, c.r.changed = true, true }

// SetSpeed sets virtual time against the caller's, in thousandths.
func (c clock) SetSpeed(thousandths int32) { c.r.speed, c.r.changed = int64(thousandths), true }
