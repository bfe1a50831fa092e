package room

import (
	"errors"
	"strings"

	"partita/engine/why"
)

// questionMost bounds a question, in bytes.
const questionMost = 4096

// Ask answers a question of a page, which changes nothing:
//
//	why THING      why it is as it is; package why says what there is and how it answers
//	other why …    the same about the run that stands beside the room's own
func (r *Room) Ask(question string) (answer string, err error) {
	verb, rest, _ := strings.Cut(question, " ")
	world := r.world
	if verb == "other" {
		if world, _ = r.runner.Other(); world == nil {
			return "", errors.New("there is no other run now")
		}
		verb, rest, _ = strings.Cut(rest, " ")
	}
	switch verb {
	case "why":
		return (&why.Asker{World: world, Open: r.config.Open}).Why(rest)
	}
	return "", errors.New("this room does not know how to answer that: is the page out of date? Reload it")
}

func (r *Room) answer(s *session, body []byte) error {
	if len(body) < 4 || len(body) > questionMost {
		return errors.New("a question of the wrong length")
	}
	text, err := r.Ask(string(body[4:]))
	failed := byte(0)
	if err != nil {
		failed, text = 1, err.Error()
	}
	s.out.bytes = append(append(append(s.out.bytes, FromAnswer), body[:4]...), failed)
	s.out.bytes = append(s.out.bytes, text...)
	r.queued(s)
	return nil
}
