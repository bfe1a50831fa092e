package kafka

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"

	"partita/engine/batch"
)

// openedMost bounds the records of one batch once they are decompressed, in bytes: a
// small batch may claim to hold very much.
const openedMost = 16 << 20

var (
	errOpened = errors.New("the records take more than 16 MiB when they are decompressed")
	errSnappy = errors.New("the snappy framing is broken")
)

// xerial is how the framing of Java's snappy library begins, which Kafka's clients use: a
// magic word, then the framing's version and the oldest one that can read it.
var xerial = []byte{0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1}

const xerialMagic = 8 // bytes of it that tell

// zstdReader decompresses without goroutines of its own.
var zstdReader = sync.OnceValue(func() *zstd.Decoder {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(openedMost))
	if err != nil {
		panic(err)
	}
	return d
})

var zstdWriter = sync.OnceValue(func() *zstd.Encoder {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		panic(err)
	}
	return e
})

// decompress appends what data holds, compressed by a codec.
func decompress(dst []byte, codec batch.Codec, data []byte) ([]byte, error) {
	switch codec {
	case batch.None:
		return append(dst, data...), nil
	case batch.Gzip:
		r, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return nil, err
		}
		return drain(dst, r)
	case batch.Snappy:
		return unsnap(dst, data)
	case batch.LZ4:
		return drain(dst, lz4.NewReader(bytes.NewReader(data)))
	case batch.Zstd:
		var header zstd.Header
		if err := header.Decode(data); err != nil {
			return nil, err
		}
		if header.HasFCS && header.FrameContentSize > openedMost {
			return nil, errOpened
		}
		return zstdReader().DecodeAll(data, dst)
	}
	return nil, batch.ErrCodec
}

func drain(dst []byte, r io.Reader) ([]byte, error) {
	start := len(dst)
	b := bytes.NewBuffer(dst)
	_, err := io.Copy(b, io.LimitReader(r, openedMost+1))
	if err == nil && b.Len()-start > openedMost {
		err = errOpened
	}
	return b.Bytes(), err
}

// unsnap takes raw snappy as well as Java's framing of it.
func unsnap(dst, data []byte) ([]byte, error) {
	if len(data) < len(xerial) || !bytes.Equal(data[:xerialMagic], xerial[:xerialMagic]) {
		return unsnapBlock(dst, data)
	}
	var err error
	for data = data[len(xerial):]; len(data) > 0 && err == nil; {
		if len(data) < 4 {
			return nil, errSnappy
		}
		size := binary.BigEndian.Uint32(data)
		data = data[4:]
		if uint64(size) > uint64(len(data)) {
			return nil, errSnappy
		}
		if len(dst) > openedMost {
			break
		}
		dst, err = unsnapBlock(dst, data[:size])
		data = data[size:]
	}
	if len(dst) > openedMost {
		return nil, errOpened
	}
	return dst, err
}

func unsnapBlock(dst, block []byte) ([]byte, error) {
	size, err := snappy.DecodedLen(block)
	if err != nil {
		return nil, err
	}
	if size > openedMost {
		return nil, errOpened
	}
	opened, err := snappy.Decode(nil, block)
	return append(dst, opened...), err
}

// compress appends data compressed by a codec.
func compress(dst []byte, codec batch.Codec, data []byte) ([]byte, error) {
	b := bytes.NewBuffer(dst)
	var w io.WriteCloser
	switch codec {
	case batch.None:
		return append(dst, data...), nil
	case batch.Gzip:
		w = gzip.NewWriter(b)
	case batch.Snappy:
		dst = append(dst, xerial...)
		for len(data) > 0 {
			n := min(len(data), 32<<10)
			block := snappy.Encode(nil, data[:n])
			dst = append(binary.BigEndian.AppendUint32(dst, uint32(len(block))), block...)
			data = data[n:]
		}
		return dst, nil
	case batch.LZ4:
		w = lz4.NewWriter(b)
	case batch.Zstd:
		return zstdWriter().EncodeAll(data, dst), nil
	default:
		return nil, batch.ErrCodec
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}

// Open gives a record batch whose records can be read: the batch itself, or, when it is
// compressed, another one that holds the same without a codec. What cannot be opened
// comes back as it is.
func Open(b []byte) []byte {
	h, err := batch.Parse(b)
	if err != nil || h.Codec() == batch.None {
		return b
	}
	b = b[:h.Size()]
	opened, err := decompress(append([]byte(nil), b[:batch.HeaderSize]...), h.Codec(), b[batch.HeaderSize:])
	if err != nil {
		return b
	}
	const atAttributes = 22 // the low byte, whose low bits are the codec
	opened[atAttributes] &^= 7
	batch.Seal(opened)
	return opened
}

// OpenAll opens each of the record batches that a fetch gave. Without a compressed one
// among them it gives back the very bytes.
func OpenAll(records []byte) []byte {
	compressed := false
	for rest := records; ; {
		h, err := batch.Parse(rest)
		if err != nil {
			break
		}
		compressed = compressed || h.Codec() != batch.None
		rest = rest[h.Size():]
	}
	if !compressed {
		return records
	}
	var all []byte
	for rest := records; ; {
		h, err := batch.Parse(rest)
		if err != nil {
			return all
		}
		all = append(all, Open(rest[:h.Size()])...)
		rest = rest[h.Size():]
	}
}
