package kafka

import "github.com/twmb/franz-go/pkg/kmsg"

// keysMost is one more than the largest protocol key that can be registered.
const keysMost = 128

// api is one API that is served.
type api struct {
	key, min, max int16
	serve         func(c *call, q kmsg.Request, a kmsg.Response)
}

// apis are the APIs by protocol key; nil for those that are not there.
var apis [keysMost]*api

// on registers an API with the versions that it is served in.
func on[Q kmsg.Request, A kmsg.Response](key, min, max int16, serve func(c *call, q Q, a A)) {
	apis[key] = &api{key: key, min: min, max: max, serve: func(c *call, q kmsg.Request, a kmsg.Response) {
		serve(c, q.(Q), a.(A))
	}}
}

// served finds the API of a request that comes in a version.
func served(key, version int16) *api {
	if key < 0 || key >= keysMost || apis[key] == nil || version < apis[key].min || version > apis[key].max {
		return nil
	}
	return apis[key]
}
