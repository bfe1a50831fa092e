package kafka

import (
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// shownErrors is how many records a broker names in the message; the list has all.
const shownErrors = 3

// blame adds to the answer of a Produce which records of the batch were not taken
// (KIP-467), with the message that Kafka gives.
func (c *call) blame(a *kmsg.ProduceResponseTopicPartition, topic engine.TopicID, bytes []byte) {
	var list []engine.RefusedRecord
	c.look(func(e *engine.Engine) { list = e.RefusedRecords(topic, engine.Partition(a.Partition), bytes) })
	if len(list) == 0 {
		return
	}
	var shown []string
	for i := range list {
		r := &list[i]
		a.ErrorRecords = append(a.ErrorRecords, kmsg.ProduceResponseTopicPartitionErrorRecord{RelativeOffset: r.Index, ErrorMessage: &r.Why})
		if i < shownErrors {
			shown = append(shown, fmt.Sprintf("RecordError(batchIndex=%d, message='%s')", r.Index, r.Why))
		}
	}
	why := "One or more records have been rejected due to invalid timestamp"
	if a.ErrorCode == int16(engine.InvalidRecord) {
		why = fmt.Sprintf("One or more records have been rejected due to %d record errors in total, and only showing the first three errors at most: [%s]",
			len(list), strings.Join(shown, ", "))
	}
	a.ErrorMessage = &why
}
