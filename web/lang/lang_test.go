package lang

import (
	"net/http/httptest"
	"testing"
)

func TestOf(t *testing.T) {
	for _, c := range []struct {
		address, cookie, accept string
		want                    Lang
	}{
		{"/", "", "", English},
		{"/", "", "ko-KR,ko;q=0.9,en-US;q=0.8", Korean},
		{"/", "", "en-US,en;q=0.9,ko;q=0.8", English},
		{"/", "", "ja, KO;q=0.5", Korean},
		{"/", "", "fr, de;q=0.5", English},
		{"/", "", "ko;q=nonsense", English},
		{"/", "", "ko;q=0", English},
		{"/", "", "en;q=0.1, ko;q=0.2", Korean},
		{"/", "en", "ko", English},
		{"/", "ko", "en", Korean},
		{"/", "xx", "ko", Korean},
		{"/?lang=en", "ko", "ko", English},
		{"/?lang=ko", "", "en", Korean},
		{"/?lang=<script>", "", "ko", Korean},
	} {
		r := httptest.NewRequest("GET", c.address, nil)
		if c.cookie != "" {
			r.Header.Set("Cookie", Cookie+"="+c.cookie)
		}
		if c.accept != "" {
			r.Header.Set("Accept-Language", c.accept)
		}
		if got := Of(r); got != c.want {
			t.Errorf("%s, cookie %q, accepting %q: %s, want %s", c.address, c.cookie, c.accept, got, c.want)
		}
	}
}

func TestParticles(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                     "plain",
		"c1[이/가] c2[을/를]":           "c1이 c2를",
		"c3[은/는], c4[은/는], c0[은/는]": "c3은, c4는, c0은",
		"orders-7[으로/로]":            "orders-7로",
		"orders-6[으로/로]":            "orders-6으로",
		"topic[을/를]":                "topic을",
		"orders[을/를]":               "orders를",
		"billing[과/와]":              "billing과",
		"그룹[이/가] 컨슈머[이/가] 오프셋[으로/로]": "그룹이 컨슈머가 오프셋으로",
		`"truck-10"[은/는]`:         `"truck-10"은`,
		"[a, b] [not/this] [open": "[a, b] [not/this] [open",
	} {
		if got := particles(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestText(t *testing.T) {
	if got := Korean.Text("Live room"); got != "라이브 룸" {
		t.Errorf("%q", got)
	}
	if got := Korean.Text("{1} of {0}, not translated", "a", "b"); got != "b of a, not translated" {
		t.Errorf("%q", got)
	}
	if got := English.Text("Live room"); got != "Live room" {
		t.Errorf("%q", got)
	}
}
