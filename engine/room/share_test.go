package room_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"partita/engine/room"
)

// TestScriptAgain: the lines of a run, done again from nothing, give an equal digest.
func TestScriptAgain(t *testing.T) {
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 1))
		p := newTape(t)
		p.do("topic create orders partitions=3")
		p.do("producer add p1 topic=orders rate=9/s keys=a,b value=x")
		names := 0
		for range 30 {
			p.do(fmt.Sprintf("advance %dms", random.IntN(3000)))
			switch random.IntN(5) {
			case 0:
				names++
				p.do(fmt.Sprintf("consumer add c%d group=g topics=orders process=20ms", names))
			case 1:
				p.do("send orders \"a value\" key=k")
			case 2:
				p.do("echo 'k:v' | kafka-console-producer --topic orders --property parse.key=true --property key.separator=:")
			case 3:
				p.do("kafka-configs --alter --topic orders --add-config retention.ms=100000")
			case 4:
				p.do("show groups")
			}
		}
		text := p.do("show script")
		again, err := room.New(room.Config{Code: "own", Seed: 3, Script: text})
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		if a, b := p.r.World().Engine().Digest(), again.World().Engine().Digest(); a != b {
			t.Errorf("seed %d: digests %x and %x of\n%s", seed, a, b, text)
		}
	}
}

// TestWrongScript: what is wrong with a script is said with its line.
func TestWrongScript(t *testing.T) {
	_, err := room.New(room.Config{Script: "topic create orders partitions=3\n\nnonsense here\n"})
	if err == nil || !strings.HasPrefix(err.Error(), "line 3 of the script: no verb called nonsense") {
		t.Errorf("%v", err)
	}
}
