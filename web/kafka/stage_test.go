package kafka

import (
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"partita/engine/scene"
)

// TestStageShowsRecords: a record that a client sends is on the stage, whatever its
// codec.
func TestStageShowsRecords(t *testing.T) {
	p := start(t)
	p.topic("shown partitions=1")
	p.kcat("k1:one\n", "-P", "-t", "shown", "-K:")
	for _, codec := range []kgo.CompressionCodec{kgo.GzipCompression(), kgo.SnappyCompression(), kgo.Lz4Compression(), kgo.ZstdCompression()} {
		c := p.franz(kgo.DefaultProduceTopic("shown"), kgo.ProducerBatchCompression(codec))
		var all []*kgo.Record
		for range 50 { // enough for a client to find it worth compressing
			all = append(all, &kgo.Record{Key: []byte("k1"), Value: []byte("the same value over and over")})
		}
		if err := c.ProduceSync(within(t), all...).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	p.main().Picture(200, func(f *scene.Frame) {
		for i := range f.Staves {
			s := &f.Staves[i]
			if f.Topics[s.Topic].Name != "shown" {
				continue
			}
			if len(s.Cells) != 200 || s.LEO != 201 {
				t.Fatalf("%d cells, end %d", len(s.Cells), s.LEO)
			}
			for j, cell := range s.Cells {
				if cell == scene.CellGap {
					t.Errorf("cell %d is a gap", j)
				}
			}
			return
		}
		t.Error("the topic is not on the stage")
	})
}

// TestTabReadsCompressed: a tab consumes what a client sent compressed.
func TestTabReadsCompressed(t *testing.T) {
	p := start(t)
	p.topic("packed partitions=2")
	p.tab("packed")
	c := p.franz(kgo.DefaultProduceTopic("packed"), kgo.ProducerBatchCompression(kgo.ZstdCompression()))
	var all []*kgo.Record
	for i := range 100 {
		all = append(all, &kgo.Record{Key: fmt.Append(nil, i), Value: []byte("the same value over and over")})
	}
	if err := c.ProduceSync(within(t), all...).FirstErr(); err != nil {
		t.Fatal(err)
	}
	p.owners("packed", 2, 1)
	for limit := time.After(testMost); ; {
		lag := int64(-1)
		p.main().Picture(200, func(f *scene.Frame) {
			for _, g := range f.Groups {
				if g.Name == "g" {
					lag = g.Lag
				}
			}
		})
		if lag == 0 {
			return
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-limit:
			t.Fatalf("the tab still lags %d records", lag)
		}
	}
}
