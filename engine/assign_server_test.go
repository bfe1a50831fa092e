package engine

import (
	"reflect"
	"testing"

	"partita/engine/vectortest"
)

func TestVectorsAssignorUniform(t *testing.T) {
	vectortest.Each(t, "assignor_uniform", func(t *testing.T, c assignorCase) {
		members, topics := c.input(t, assignorUniform)
		got, code := AssignOnServer(c.Assignor, members, topics)
		if code != None {
			t.Fatal(code)
		}
		c.checkProperties(t, named(got))
	})
}

func TestVectorsAssignorServerRange(t *testing.T) {
	vectortest.Each(t, "assignor_server_range", func(t *testing.T, c struct {
		assignorCase
		ExpectedError string
	}) {
		members, topics := c.input(t, assignorUniform)
		got, code := AssignOnServer("range", members, topics)
		if (code == UnknownTopicOrPartition) != (c.ExpectedError == "unknown-topic") || c.ExpectedError == "" && code != None {
			t.Fatalf("%v, want %q", code, c.ExpectedError)
		}
		if c.ExpectedError != "" {
			return
		}
		for _, list := range c.Expected {
			sortNames(list)
		}
		if names := named(got); !reflect.DeepEqual(names, c.Expected) {
			t.Errorf("assigned %v\nwant     %v", names, c.Expected)
		}
	})
}

func TestServerAssignorUnknown(t *testing.T) {
	if _, code := AssignOnServer("sticky", nil, nil); code != UnsupportedAssignor {
		t.Error(code)
	}
}
