package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// GetTelemetrySubscriptions: 0 (KIP-714). Nobody here wants clients' metrics: the answer
// says so, and clients are quiet from then on. PushTelemetry is not there.
func init() { on(71, 0, 0, getTelemetrySubscriptions) }

func getTelemetrySubscriptions(_ *call, q *kmsg.GetTelemetrySubscriptionsRequest, a *kmsg.GetTelemetrySubscriptionsResponse) {
	a.ErrorCode, a.ClientInstanceID = int16(engine.UnsupportedVersion), q.ClientInstanceID
}
