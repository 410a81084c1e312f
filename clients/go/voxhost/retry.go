// Patience: a lost connection is no error at first.

package voxhost

import (
	"context"
	"math/rand/v2"
	"time"
)

const (
	// Attempts without progress before a lost connection is given up.
	maxAttempts  = 6
	firstDelay   = 200 * time.Millisecond
	longestDelay = 5 * time.Second
)

// waitBeforeRetry waits before attempt n+1, n from 1: exponentially longer, with jitter.
func waitBeforeRetry(ctx context.Context, n int) error {
	delay := min(longestDelay, firstDelay<<(n-1))
	timer := time.NewTimer(time.Duration(float64(delay) * (0.5 + rand.Float64()/2)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return stopped(ctx.Err())
	}
}

// patiently makes a call that may be made again as often as wanted, until it is answered or refused.
func patiently[T any](ctx context.Context, h *Host, call func() (T, error)) (T, error) {
	for attempt := 1; ; attempt++ {
		answer, err := call()
		err = h.explain(ctx, err)
		if err == nil || !isLostConnection(err) || attempt >= maxAttempts {
			return answer, err
		}
		if err := waitBeforeRetry(ctx, attempt); err != nil {
			return answer, err
		}
	}
}
