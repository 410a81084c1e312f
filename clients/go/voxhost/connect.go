// Connects to a host and checks that both speak the same protocol.

package voxhost

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"time"

	pb "github.com/voxhost/voxhost/clients/go/voxhostv1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
)

// ProtocolVersion is the revision of voxhost.v1 that this package speaks.
const ProtocolVersion = 1

const (
	defaultPort    = "50151"
	connectTimeout = 5 * time.Second
	// At 20 ms round trip gRPC's 64 KiB hold a download to a few MB/s.
	windowBytes     = 16 << 20
	maxMessageBytes = 16 << 20
)

// Host is a connection to a host.
type Host struct {
	address   string
	info      *pb.HostInfo
	conn      *grpc.ClientConn
	hosts     pb.HostServiceClient
	workflows pb.WorkflowServiceClient
	volumes   pb.VolumeServiceClient
	runs      pb.RunServiceClient
}

// Option says how to reach a host.
type Option func(*settings)

type settings struct {
	token    string
	tls      *tls.Config
	insecure bool
}

// WithToken sends a bearer token with each call.
func WithToken(token string) Option { return func(s *settings) { s.token = token } }

// WithTLS speaks TLS; &tls.Config{} trusts the system's authorities.
func WithTLS(config *tls.Config) Option { return func(s *settings) { s.tls = config } }

// WithInsecureToken lets a token cross a network without TLS: only where nobody else can read.
func WithInsecureToken() Option { return func(s *settings) { s.insecure = true } }

// Connect connects to "host:port", "host" (port 50151) or "unix:/path". It answers when the host has said who it is:
// within the context's deadline, or 5 seconds where it has none.
//
// Reasons: HOST_UNAVAILABLE, DEADLINE_EXCEEDED, NO_TOKEN, WRONG_TOKEN, PROTOCOL_MISMATCH, UNIMPLEMENTED (no Voxhost
// host), INVALID_FIELD (address, or a token that would cross the network readable).
func Connect(ctx context.Context, address string, options ...Option) (*Host, error) {
	var s settings
	for _, option := range options {
		option(&s)
	}
	target, local, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	if s.token != "" && s.tls == nil && !local && !s.insecure {
		return nil, invalid("tls", "none", "TLS beside a token: it would cross the network readable. "+
			"Give WithTLS, or say WithInsecureToken in as many words")
	}
	conn, err := grpc.NewClient(target, dialOptions(&s, local)...)
	if err != nil {
		return nil, invalid("address", address, err.Error())
	}
	host := &Host{
		address:   address,
		conn:      conn,
		hosts:     pb.NewHostServiceClient(conn),
		workflows: pb.NewWorkflowServiceClient(conn),
		volumes:   pb.NewVolumeServiceClient(conn),
		runs:      pb.NewRunServiceClient(conn),
	}
	if _, isBounded := ctx.Deadline(); !isBounded {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, connectTimeout)
		defer stop()
	}
	if host.info, err = host.Info(ctx); err == nil {
		err = checkProtocol(address, host.info)
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return host, nil
}

// Close ends the connection; calls under way fail.
func (h *Host) Close() error { return h.conn.Close() }

// Info describes the host as it is now: version, limits, devices.
func (h *Host) Info(ctx context.Context) (*pb.HostInfo, error) {
	info, err := h.hosts.GetHostInfo(ctx, &pb.GetHostInfoRequest{})
	return info, h.explain(ctx, err)
}

func checkProtocol(address string, info *pb.HostInfo) error {
	least, most := info.GetProtocolVersionMin(), info.GetProtocolVersionMax()
	if least <= ProtocolVersion && ProtocolVersion <= most {
		return nil
	}
	older := "the host"
	if ProtocolVersion < least {
		older = "this client"
	}
	return &Error{
		Code:   codes.FailedPrecondition,
		Reason: "PROTOCOL_MISMATCH",
		Message: fmt.Sprintf("The host at %s (version %s) speaks revisions %d to %d of the protocol, this client revision %d. Update %s.",
			address, info.GetVersion(), least, most, ProtocolVersion, older),
		Metadata: map[string]string{"address": address, "host_version": info.GetVersion()},
	}
}

// parseAddress gives gRPC's target, and whether it is this machine.
func parseAddress(address string) (target string, local bool, err error) {
	if path, isUnix := strings.CutPrefix(address, "unix:"); isUnix && path != "" {
		return address, true, nil
	}
	name, port, splitErr := net.SplitHostPort(address)
	if splitErr != nil {
		name, port = strings.Trim(address, "[]"), defaultPort
	}
	if name == "" || strings.ContainsAny(name, "/ ") {
		return "", false, invalid("address", address, "host:port or unix:/path, such as 127.0.0.1:"+defaultPort)
	}
	ip := net.ParseIP(name)
	local = name == "localhost" || (ip != nil && ip.IsLoopback())
	scheme := "dns:///"
	if local {
		scheme = "passthrough:///" // No proxy and no look-up for this machine.
	}
	return scheme + net.JoinHostPort(name, port), local, nil
}

func dialOptions(s *settings, local bool) []grpc.DialOption {
	transport := insecure.NewCredentials()
	if s.tls != nil {
		transport = credentials.NewTLS(s.tls)
	}
	options := []grpc.DialOption{
		grpc.WithTransportCredentials(transport),
		grpc.WithInitialWindowSize(windowBytes),
		grpc.WithInitialConnWindowSize(windowBytes),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessageBytes)),
		// Quiet connections stay open through proxies that cut idle ones.
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 30 * time.Second, Timeout: 20 * time.Second}),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 200 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 5 * time.Second},
			MinConnectTimeout: connectTimeout,
		}),
	}
	if local {
		options = append(options, grpc.WithNoProxy())
	}
	if s.token != "" {
		header := "Bearer " + s.token
		options = append(options,
			grpc.WithUnaryInterceptor(func(ctx context.Context, method string, request, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
				return invoke(metadata.AppendToOutgoingContext(ctx, "authorization", header), method, request, reply, conn, opts...)
			}),
			grpc.WithStreamInterceptor(func(ctx context.Context, desc *grpc.StreamDesc, conn *grpc.ClientConn, method string, open grpc.Streamer, opts ...grpc.CallOption) (grpc.ClientStream, error) {
				return open(metadata.AppendToOutgoingContext(ctx, "authorization", header), desc, conn, method, opts...)
			}))
	}
	return options
}
