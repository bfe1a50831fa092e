//go:build !mutants

package engine

const planted bug = 0
