package kafka

import "partita/engine/batch"

// isMessageSet tells whether records are of magic 0 or 1, as Produce before version 3 has
// them.
func isMessageSet(records []byte) bool { return len(records) > 16 && records[16] < 2 }

func convertUp([]byte) ([]byte, error) { return nil, batch.ErrMagic }

func convertDown(records []byte, _ int64, _ int16) ([]byte, error) {
	if len(records) == 0 {
		return []byte{}, nil
	}
	return nil, batch.ErrMagic
}
