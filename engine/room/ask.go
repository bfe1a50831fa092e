package room

import (
	"errors"
	"strings"

	"partita/engine/script"
	"partita/engine/sim"
	"partita/engine/why"
)

// questionMost bounds a question, in bytes.
const questionMost = 8192

// Ask answers a question of a page, which changes nothing. An answer is text: a line for
// each part, fields separated by tabs.
//
//	why THING          why it is as it is; package why says what there is and how it answers
//	other why THING    the same about the run that stands beside the room's own
//	complete LINE      how its last word may go on: that word, then a line for each way, with
//	                   what it does
//	same LINE          what one would tell Kafka's own tools or client; empty for nothing
//	settings KIND NAME of a consumer, producer, topic or broker: name, value, default, what is
//	                   valid, and flags: k of Kafka's, l cannot change now
func (r *Room) Ask(question string) (answer string, err error) {
	verb, rest, _ := strings.Cut(question, " ")
	world := r.world
	if verb == "other" {
		if world, _ = r.runner.Other(); world == nil {
			return "", sim.Refusal(sim.Mark + "there is no other run now")
		}
		verb, rest, _ = strings.Cut(rest, " ")
	}
	switch verb {
	case "why":
		return (&why.Asker{World: world, Open: r.config.Open}).Why(rest)
	case "complete":
		return completed(world, rest), nil
	case "same":
		return script.Equivalent(rest), nil
	case "settings":
		return settings(world, rest)
	}
	return "", sim.Refusal(sim.Mark + "this room does not know how to answer that: is the page out of date? Reload it")
}

func completed(w *sim.World, line string) string {
	word, list := (&script.Runner{World: w}).Complete(line)
	for _, c := range list {
		word += "\n" + c.Text + "\t" + c.Hint
	}
	return word
}

func settings(w *sim.World, of string) (answer string, err error) {
	kind, name, _ := strings.Cut(of, " ")
	rows, err := (&script.Runner{World: w}).Settings(kind, name)
	for i := range rows {
		s := &rows[i]
		answer += s.Name + "\t" + strings.ReplaceAll(s.Value, "\t", " ") + "\t" + s.Default + "\t" + s.Valid + "\t"
		if s.Kafka {
			answer += "k"
		}
		if s.Locked {
			answer += "l"
		}
		answer += "\n"
	}
	return answer, err
}

func (r *Room) answer(s *session, body []byte) error {
	if len(body) < 4 {
		return errors.New("a question that is too short")
	}
	text, err := "", error(sim.Refusal(sim.Mark+"a question has at most 8 kB"))
	if len(body) <= questionMost {
		text, err = r.Ask(string(body[4:]))
	}
	failed := byte(0)
	if err != nil {
		failed, text = 1, script.Told(err)
	}
	s.out.bytes = append(append(append(s.out.bytes, FromAnswer), body[:4]...), failed)
	s.out.bytes = append(s.out.bytes, text...)
	r.queued(s)
	return nil
}
