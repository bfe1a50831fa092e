package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// ApiVersions: 0 to 4. 1 adds the throttle time, 3 is flexible and names the client's
// software, 4 allows features from version 0. Any other version is answered as version 0
// with UNSUPPORTED_VERSION and what there is (KIP-511). The header of a response never has
// tagged fields.
func init() { on(apiVersionsKey, 0, 4, apiVersions) }

func apiVersions(_ *call, _ *kmsg.ApiVersionsRequest, a *kmsg.ApiVersionsResponse) {
	a.ApiKeys = registered()
}

// registered lists what is served, by key.
func registered() (keys []kmsg.ApiVersionsResponseApiKey) {
	for _, api := range apis {
		if api != nil {
			keys = append(keys, kmsg.ApiVersionsResponseApiKey{ApiKey: api.key, MinVersion: api.min, MaxVersion: api.max})
		}
	}
	return keys
}

// unsupportedApiVersions answers a version that is not served.
func unsupportedApiVersions() kmsg.Response {
	a := kmsg.NewPtrApiVersionsResponse()
	a.ErrorCode, a.ApiKeys = int16(engine.UnsupportedVersion), registered()
	return a
}
