package engine

import (
	"strconv"
	"testing"

	"partita/engine/vectortest"
)

func TestVectorsMurmur2Partition(t *testing.T) {
	vectortest.Each(t, "murmur2_partition", func(t *testing.T, c struct {
		KeyBase64  []byte
		Published  bool
		Murmur2    int32
		Positive   int32
		Partitions map[string]int32
	}) {
		if h := Murmur2(c.KeyBase64); h != c.Murmur2 || h&0x7fffffff != c.Positive {
			t.Errorf("murmur2 %d, want %d", h, c.Murmur2)
		}
		checkPartitions(t, c.Partitions, func(n int32) int32 { return PartitionForKey(c.KeyBase64, n) })
	})
}

func TestVectorsCoordinatorPartition(t *testing.T) {
	vectortest.Each(t, "coordinator_partition", func(t *testing.T, c struct {
		Name       string
		Hash       int32
		Partitions map[string]int32
	}) {
		if h := StringHash(c.Name); h != c.Hash {
			t.Errorf("hash %d, want %d", h, c.Hash)
		}
		checkPartitions(t, c.Partitions, func(n int32) int32 { return CoordinatorPartition(c.Name, n) })
	})
}

func checkPartitions(t *testing.T, want map[string]int32, partition func(int32) int32) {
	t.Helper()
	if len(want) == 0 {
		t.Error("the case names no partition")
	}
	for count, p := range want {
		n, err := strconv.ParseInt(count, 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		if got := partition(int32(n)); got != p {
			t.Errorf("of %d partitions: %d, want %d", n, got, p)
		}
	}
}
