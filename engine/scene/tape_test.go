package scene_test

import (
	"fmt"
	"reflect"
	"testing"

	"partita/engine/scene"
)

// TestCellsInView: whatever was in view before, the cells are those that a picture of the
// whole shows, with transactions, in slow partitions and in fast ones.
func TestCellsInView(t *testing.T) {
	s := newStage(t, `topic create slow partitions=1
topic create fast partitions=1
topic create paid partitions=1
producer add p1 topic=slow rate=3/s keys=a,b,c
producer add p2 topic=fast rate=2000/s keys=d,e,f
producer add p3 topic=paid rate=20/s keys=g,h transactional.id=t transaction=7`)
	var some, all scene.Frame
	whole := scene.NewBuilder(s.w) // looks at all of it each time
	for i, cells := range []int{16, 16, 40, 256, 3, 100, 100, 16, 250, 1, 256} {
		s.run(fmt.Sprintf("advance %dms", 40+400*(i%3)))
		s.b.Build(&some, scene.Viewport{Cells: cells})
		whole.Build(&all, scene.Viewport{Cells: 256})
		for j := range all.Staves {
			got, want := some.Staves[j].Cells, all.Staves[j].Cells
			want = want[max(0, len(want)-cells):]
			if len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
				t.Fatalf("picture %d of %d cells, partition %d:\n%x\n%x", i, cells, j, got, want)
			}
		}
	}
	if n := len(all.Staves[0].Cells); n < 10 || len(all.Staves[1].Cells) != 256 || len(all.Staves[2].Ranges) == 0 {
		t.Errorf("%d, %d, %v", n, len(all.Staves[1].Cells), all.Staves[2].Ranges)
	}
}
