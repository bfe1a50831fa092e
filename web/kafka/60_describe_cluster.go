package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// DescribeCluster: 0 to 2. 1 may ask for controllers, which are no endpoints of their own
// here; 2 may ask for fenced brokers.
func init() { on(60, 0, 2, describeCluster) }

func describeCluster(c *call, q *kmsg.DescribeClusterRequest, a *kmsg.DescribeClusterResponse) {
	a.ClusterID, a.ControllerID, a.ClusterAuthorizedOperations, a.EndpointType = clusterID(c.room), -1, noOperations, 1
	if q.EndpointType != 1 && c.version >= 1 {
		a.ErrorCode = int16(engine.UnsupportedEndpointType)
		return
	}
	a.ClusterAuthorizedOperations = c.operations(q.IncludeClusterAuthorizedOperations, "Cluster", "")
	body := c.metadataOf(&engine.Metadata{})
	a.ControllerID = body.Controller
	for _, b := range body.Brokers {
		name, port := c.advertised(b.ID)
		a.Brokers = append(a.Brokers, kmsg.DescribeClusterResponseBroker{NodeID: b.ID, Host: name, Port: port, Rack: orNull(b.Rack)})
	}
}
