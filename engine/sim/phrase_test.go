package sim

import "testing"

func TestPhrase(t *testing.T) {
	hostile := "x\x03y\x01z\x02"
	for _, c := range []struct{ phrase, want, plain string }{
		{Phrase("caught up"), "\x01caught up", "caught up"},
		{Phrase("lag ", "3"), "\x01lag \x023\x03", "lag 3"},
		{Phrase("", "orders-0", " was revoked."), "\x01\x02orders-0\x03 was revoked.", "orders-0 was revoked."},
		{Phrase("idle: ", Count(1, "partition")), "\x01idle: \x02\x01\x021\x03 partition\x03", "idle: 1 partition"},
		{Phrase("key ", hostile), "\x01key \x02xyz\x03", "key xyz"},
		{Count(0, "record"), "\x01\x020\x03 records", "0 records"},
		{"not a phrase", "not a phrase", "not a phrase"},
	} {
		if c.phrase != c.want || Plain(c.phrase) != c.plain {
			t.Errorf("%q reads %q, want %q and %q", c.phrase, Plain(c.phrase), c.want, c.plain)
		}
	}
}
