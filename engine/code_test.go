package engine_test

import (
	"testing"

	"partita/engine"
	"partita/engine/vectortest"
)

func TestVectorsErrorCodes(t *testing.T) {
	vectortest.Each(t, "error_codes", func(t *testing.T, c struct {
		Code            int16
		Name            string
		Retriable       bool
		RefreshMetadata bool
	}) {
		code := engine.Code(c.Code)
		if code.String() != c.Name {
			t.Errorf("%d is %s, want %s", c.Code, code, c.Name)
		}
		if code.Retriable() != c.Retriable || code.RefreshMetadata() != c.RefreshMetadata {
			t.Errorf("%s: retriable %v, refresh metadata %v; want %v, %v",
				c.Name, code.Retriable(), code.RefreshMetadata(), c.Retriable, c.RefreshMetadata)
		}
	})
}

func TestUnknownCodeNamesItsNumber(t *testing.T) {
	if got := engine.Code(9999).String(); got != "error 9999" {
		t.Errorf("%q", got)
	}
}
