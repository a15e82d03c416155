#pragma once

#include <vidi/detail/config.hpp>
#include <vidi/testing/fault.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// @file
/// A server that stands in for the API, for tests without a network and without a key.

/// Tools for testing programs that use vidi.
namespace vidi::testing {

/// One header field of a request or a response.
struct header_field
{
    std::string name{};
    std::string value{};

    bool operator==(header_field const&) const = default;
};

/// A complete request, as the emulator received it. Valid only during the call it is passed to.
struct request_view
{
    /// Counts all requests to the emulator, from 1.
    std::uint64_t sequence = 0;
    /// Counts the connections of the emulator, from 1.
    std::uint64_t connection = 0;
    /// Counts the requests on this connection, from 1.
    std::uint64_t request_on_connection = 0;
    std::string_view method{};
    /// The path with the query, as sent.
    std::string_view target{};
    std::span<header_field const> headers{};
    std::string_view body{};

    /// The value of the first header field of that name, in any case; empty if there is none.
    VIDI_DECL std::string_view header(std::string_view name) const noexcept;
};

/// How a connection ends.
enum class closing
{
    orderly, ///< As HTTP and TLS intend: close_notify, then FIN.
    abrupt,  ///< FIN without close_notify. Without TLS the same as `orderly`.
    reset,   ///< RST: what was sent but not yet read by the client may be lost.
};

/// What the emulator does with a connection's next request.
enum class next_request
{
    serve,               ///< The normal case.
    reset_at_first_byte, ///< Resets the connection when its first byte arrives, without reading it.
    close_unanswered,    ///< Reads all of it, does nothing with it, and closes the connection.
};

/// A place within a response, whatever its size.
enum class response_place
{
    start,
    in_head,
    after_head,
    in_body,
    before_last_byte,
};

/// A response that the API did not make.
struct canned_reply
{
    /// The status line's number, 100 to 999.
    unsigned status = 200;
    std::string body{};
    /// Not sent if empty.
    std::string content_type = "application/json";
    /// Sent as they are, besides `Content-Type`, `Content-Length`, `Date` and `Connection`, each of
    /// which is left out if it is given here. `Connection: close` also closes the connection after
    /// the response.
    std::vector<header_field> headers{};

    bool operator==(canned_reply const&) const = default;
};

/// What the emulator does with one request: what it sends, and how it sends it.
///
/// A value. The factories make the common kinds; their members say how the bytes of the response
/// (head and body, counted together) are delivered, and can be combined.
///
/// @code
/// options.script = [](vidi::testing::request_view const& request) {
///     using vidi::testing::behaviour;
///     return request.sequence == 1 ? behaviour::error(503, "overloaded") : behaviour{};
/// };
/// @endcode
struct behaviour
{
    /// The API's own answer.
    struct api_answer
    {
        bool operator==(api_answer const&) const = default;
    };

    /// Bytes sent in place of an HTTP response. The connection is closed after them.
    struct raw_bytes
    {
        std::string bytes{};

        bool operator==(raw_bytes const&) const = default;
    };

    /// The API's own answer, sent as a fault of the catalogue wants it.
    struct distorted_answer
    {
        fault how{};

        bool operator==(distorted_answer const&) const = default;
    };

    /// For `close_after`: after the last byte of the response.
    static constexpr std::size_t whole_response = std::numeric_limits<std::size_t>::max();

    std::variant<api_answer, canned_reply, raw_bytes, distorted_answer> answer{};

    /// Waited for before the first byte, in addition to `emulator_options::latency`.
    std::chrono::microseconds delay{};

    /// If set, sends that many bytes of the response and then nothing, until
    /// `emulator::release_stalled` is called or the client closes the connection.
    std::optional<std::size_t> stall_after{};

    /// If set, closes the connection after that many bytes of the response, without having said so
    /// in the response.
    std::optional<std::size_t> close_after{};

    /// As `close_after`, where the number of bytes is not known.
    std::optional<response_place> close_at{};

    /// How the connection is closed after `close_after` or `raw_bytes`, or with the next request
    /// unanswered.
    closing how = closing::abrupt;

    /// If not 0, the response is written in slices of that many bytes.
    std::size_t slice = 0;

    /// The pause between two slices.
    std::chrono::microseconds pause{};

    /// What becomes of the next request on the connection.
    next_request next = next_request::serve;

    /// Which entry of the catalogue this is, if it is one. For the record only.
    std::optional<fault> cause{};

    bool operator==(behaviour const&) const = default;

    /// The API's own answer, later than usual by `delay`.
    VIDI_DECL static behaviour normal(std::chrono::microseconds delay = {});

    /// A canned response.
    VIDI_DECL static behaviour reply(canned_reply reply);

    /// A canned response with the API's error body.
    /// @param status The HTTP status; the error's `type` follows from it.
    /// @param code The error's `code`; null in the body if empty.
    VIDI_DECL static behaviour error(
        unsigned status, std::string_view code, std::string_view message = "Made by the emulator.",
        std::vector<header_field> headers = {});

    /// Bytes in place of an HTTP response; then the connection is closed.
    VIDI_DECL static behaviour raw(std::string bytes, closing how = closing::orderly);

    /// Closes the connection before any byte of the response.
    VIDI_DECL static behaviour close_before_response(closing how = closing::abrupt);

    /// Closes the connection after `bytes` bytes of the API's answer.
    VIDI_DECL static behaviour
    close_within_response(std::size_t bytes, closing how = closing::abrupt);

    /// Answers, then closes the connection without having announced it: the client holds a
    /// connection that looks reusable and is not.
    VIDI_DECL static behaviour close_after_response(closing how = closing::orderly);

    /// Sends `bytes` bytes of the API's answer and the rest when the test releases it.
    VIDI_DECL static behaviour stall(std::size_t bytes = 0);

    /// Sends the API's answer in slices of `bytes` bytes with a pause between them.
    VIDI_DECL static behaviour slices(std::size_t bytes, std::chrono::microseconds pause = {});
};

/// What the emulator does in the course of a fault of the catalogue.
VIDI_DECL behaviour make_behaviour(fault what);

/// What the emulator does with a new connection, before any request.
enum class connection_behaviour
{
    serve,         ///< The normal case.
    close,         ///< Closes it at once.
    reset,         ///< Resets it at once.
    no_handshake,  ///< Accepts the TCP connection and never says a word, nor reads one.
    never_read,    ///< Completes the TLS handshake and never reads a request.
    bad_handshake, ///< Answers the TLS handshake with bytes that are not TLS.
};

/// What the emulator does with a new connection, and how it ends it.
struct connection_plan
{
    // Not explicit, so that a script can say just what happens.
    connection_plan(connection_behaviour begin = connection_behaviour::serve) : what{begin} {}

    connection_behaviour what;

    /// If set, the connection is closed when the server has sent that many bytes on it. Those of
    /// the TLS handshake count, so that a handshake can be broken off anywhere.
    std::optional<std::size_t> close_after_sent{};

    /// If set, the connection is closed when the server has received that many bytes on it, as they
    /// come from the network.
    std::optional<std::size_t> close_after_received{};

    /// How the connection is closed after that many bytes, or with its first request unanswered.
    closing how = closing::reset;

    /// What becomes of the first request.
    next_request first = next_request::serve;

    bool operator==(connection_plan const&) const = default;
};

/// The certificate that the emulator presents.
enum class certificate_kind
{
    valid,         ///< For 127.0.0.1, ::1 and localhost, issued by `emulator::ca_certificate_pem`.
    expired,       ///< As `valid`, but its validity ended yesterday.
    not_yet_valid, ///< As `valid`, but its validity begins tomorrow.
    wrong_host,    ///< As `valid`, but for another host name.
    self_signed,   ///< As `valid`, but issued by itself: no authority vouches for it.
    /// As `valid`, but issued by another authority than `emulator::ca_certificate_pem`.
    unknown_ca,
    /// As `valid`, but issued through an intermediate authority, whose certificate is sent along.
    with_intermediate,
    /// The same, but the certificate of the intermediate authority is not sent.
    missing_intermediate,
};

/// A version of TLS. The ones below 1.2 are there to be refused.
enum class tls_version
{
    v1_0,
    v1_1,
    v1_2,
    v1_3,
};

/// Every answer takes the same time.
struct fixed_latency
{
    std::chrono::microseconds value{};
};

/// The time is anything from `min` to `max`, all equally likely.
struct uniform_latency
{
    std::chrono::microseconds min{};
    std::chrono::microseconds max{};
    std::uint64_t seed = 1;
};

/// The logarithm of the time is normally distributed: the long tail of real services.
struct log_normal_latency
{
    std::chrono::microseconds median{};
    /// The standard deviation of the time's natural logarithm.
    double sigma = 0.5;
    std::uint64_t seed = 1;
};

/// How long the API's own answers take. Equal seeds give equal sequences of times.
using latency_model = std::variant<fixed_latency, uniform_latency, log_normal_latency>;

/// How much the emulator accepts, as a provider limits it: a sliding window, exact, for each model
/// by itself.
///
/// A request that is too many is answered with 429, the code `rate_limit_exceeded` and the type
/// `requests` or `tokens`. A request's input tokens count, and are compared with what is left, when
/// it is accepted: after its checks, with its pictures at hand. Its output tokens count when its
/// answer is due.
struct rate_limit_options
{
    /// Within the window; 0 means no limit.
    std::uint64_t requests = 0;
    std::uint64_t tokens = 0;
    std::chrono::milliseconds window{60'000};
    /// Whether a request that was answered with an error counts as well, 429 included, as it does
    /// with OpenAI. A client that keeps trying then never gets through.
    bool count_refused = false;
    /// Whether answers say what is left, in `x-ratelimit-*`.
    bool send_headers = true;
    /// Whether a refusal says how long to wait, in `retry-after` and `retry-after-ms`.
    bool send_retry_after = true;

    bool operator==(rate_limit_options const&) const = default;
};

/// What became of one request.
struct exchange_record
{
    /// As in `request_view`.
    std::uint64_t sequence = 0;
    std::uint64_t connection = 0;
    std::uint64_t request_on_connection = 0;
    std::string method{};
    std::string target{};
    /// The request's `X-Client-Request-Id` as it was sent, if it had one.
    std::string client_request_id{};
    /// The fault of the catalogue that it met with.
    std::optional<fault> cause{};
    /// The status sent; 0 if no response was begun.
    unsigned status = 0;
    /// The API made an answer to it, for which it would be billed, whether it was sent or not.
    bool executed = false;
    /// A whole response was sent, so that the client could know where it ends.
    bool complete = false;
    /// The response was not sent completely.
    bool aborted = false;

    bool operator==(exchange_record const&) const = default;
};

/// The settings of an @ref emulator. Times are upper limits unless said otherwise.
struct emulator_options
{
    /// The loopback address to listen on; any other is refused.
    std::string address = "127.0.0.1";
    /// The port to listen on; 0 lets the system choose a free one.
    std::uint16_t port = 0;
    /// HTTPS if true, plain HTTP if false.
    bool tls = true;
    /// The only key that is accepted.
    std::string api_key = "sk-emulator";
    /// The time from the end of a request to the first byte of the API's answer.
    latency_model latency = fixed_latency{};
    /// If nothing is limited, the answers claim limits that nobody reaches.
    rate_limit_options rate_limits{};

    certificate_kind certificate = certificate_kind::valid;
    tls_version min_tls = tls_version::v1_2;
    tls_version max_tls = tls_version::v1_3;
    /// If true, only clients are served that prove with a certificate who they are, such as that of
    /// `emulator::client_certificate_pem`.
    bool require_client_certificate = false;

    /// If false, every response announces and performs `Connection: close`.
    bool keep_alive = true;
    /// How long a connection may wait for its next request before it is closed.
    std::chrono::milliseconds idle_timeout{75'000};
    /// How long a request may take to arrive from its first byte to its last, how long the TLS
    /// handshake may take, and how long the client may leave a response unread.
    std::chrono::milliseconds request_timeout{30'000};
    /// After that many requests the connection is closed, as announced in the last response;
    /// 0 means no limit.
    std::uint64_t max_requests_per_connection = 0;
    /// How many requests the ledger keeps; the oldest ones are dropped.
    std::size_t ledger_limit = 1'000'000;
    /// Bytes; a larger request body is answered with 413.
    std::size_t body_limit = std::size_t{64} << 20;

    /// How long obtaining a picture from its URL may take.
    std::chrono::milliseconds fetch_timeout{10'000};
    /// Bytes; a larger picture is refused.
    std::size_t picture_limit = std::size_t{50} << 20;

    /// Decides what happens to each request. If empty, all are answered normally. Called on the
    /// emulator's thread, one request at a time; it must not throw.
    std::function<behaviour(request_view const&)> script{};
    /// Decides what happens to each connection, given its number. A `connection_behaviour` will do.
    /// If empty, all are served. Called on the emulator's thread; it must not throw.
    std::function<connection_plan(std::uint64_t connection)> connection_script{};
    /// Called with the record of each request that is over, as `emulator::ledger` would show it.
    /// Called on the emulator's thread, and for what its destruction cuts off on the thread that
    /// destroys it; it must not throw.
    std::function<void(exchange_record const&)> on_exchange{};
};

/// Counters of an @ref emulator since its start. Whatever a client can know of an answer is
/// counted before the client can know it.
struct emulator_statistics
{
    std::uint64_t connections_accepted = 0;
    /// Connections open now.
    std::uint64_t connections_open = 0;
    /// Of those, the ones that wait for a request and have received no byte of it.
    std::uint64_t connections_idle = 0;
    /// TLS handshakes completed, resumed ones among them.
    std::uint64_t tls_handshakes = 0;
    std::uint64_t tls_resumed = 0;
    std::uint64_t tls_failed = 0;
    /// Requests received completely.
    std::uint64_t requests = 0;
    /// Requests of which the client sent a part and no more.
    std::uint64_t requests_incomplete = 0;
    /// Responses begun, by status.
    std::map<unsigned, std::uint64_t> answered{};
    /// Requests that were received, and whose response was not sent completely: by the script, or
    /// because the client went away.
    std::uint64_t aborted = 0;
    /// Requests waiting for `emulator::release_stalled` now.
    std::uint64_t stalled = 0;
    /// Requests refused because of the rate limits.
    std::uint64_t rate_limited = 0;
    /// The largest number of requests to one model that were accepted within a window of the rate
    /// limits; 0 without limits.
    std::uint64_t most_in_window = 0;

    bool operator==(emulator_statistics const&) const = default;
};

/// An HTTP(S) server on the loopback interface that implements `POST /v1/responses`.
///
/// It checks requests as strictly as the API does and answers the wrong ones with the API's error
/// bodies. It obtains and decodes each picture, from a data URL or from a loopback URL, and answers
/// with facts that only someone who had all its bytes could know. The text of an answer is
///
/// @code
/// prompt: Describe this picture
/// picture 1: format=png width=640 height=480 sha256=9f86d081… mean_colour=#7f9fbf
/// picture 2: format=jpeg width=1024 height=768 sha256=60303ae2… mean_colour=#202020
/// @endcode
///
/// with LF between the lines and none after the last. The first line repeats the text of the
/// request, its parts joined by a space and line breaks written as spaces. `format` is png, jpeg,
/// gif or webp; `sha256` is of the picture's bytes as obtained, 64 lower-case hexadecimal digits;
/// `mean_colour` is the mean of each channel over all pixels as stored, rounded to nearest, without
/// regard to transparency. If the request asks for JSON (`text.format`), the text is a JSON object
/// `{"prompt": …, "pictures": [{"format": …, "width": …, "height": …, "sha256": …,
/// "mean_colour": …}, …]}` with the same facts.
///
/// It runs on a thread of its own, from construction to destruction.
///
/// @par Thread safety
/// All members may be called from any thread; construction and destruction must not overlap with
/// them. None but the const ones may be called from a script.
class emulator
{
public:
    /// Starts to listen.
    /// @throws boost::system::system_error The address cannot be listened on.
    /// @throws std::invalid_argument The address is not a loopback address, or the options
    /// contradict each other.
    VIDI_DECL explicit emulator(emulator_options options = {});

    /// Closes all connections and stops.
    VIDI_DECL ~emulator();

    emulator(emulator const&) = delete;
    emulator& operator=(emulator const&) = delete;

    /// The port it listens on.
    VIDI_DECL std::uint16_t port() const noexcept;

    /// The base URL for clients, like `https://127.0.0.1:43210/v1`.
    VIDI_DECL std::string base_url() const;

    /// The URL at which a picture of that name is served.
    VIDI_DECL std::string image_url(std::string_view name) const;

    /// The certificate of the authority that issued the emulator's certificate. With
    /// `certificate_kind::self_signed` and `unknown_ca` it is the certificate of an authority that
    /// did not.
    VIDI_DECL std::string ca_certificate_pem() const;

    /// A certificate that the emulator accepts from clients, and the key that belongs to it.
    VIDI_DECL std::string client_certificate_pem() const;
    VIDI_DECL std::string client_private_key_pem() const;

    /// The SHA-256 of the SubjectPublicKeyInfo of the emulator's certificate, in Base64.
    VIDI_DECL std::string public_key_pin() const;

    /// Writes `ca_certificate_pem` to a file, which is complete as soon as it exists.
    /// @throws std::system_error The file cannot be written.
    VIDI_DECL void write_ca_certificate(std::string const& path) const;

    /// Serves bytes at `image_url(name)`, with a media type found by looking at them. A picture of
    /// the same name is replaced.
    /// @throws std::invalid_argument The name is empty or has characters that a URL would have to
    /// escape, or `/`.
    VIDI_DECL void add_image(std::string name, std::string bytes);

    VIDI_DECL emulator_statistics statistics() const;

    /// The latest requests, at most `emulator_options::ledger_limit`, in the order of their
    /// arrival.
    VIDI_DECL std::vector<exchange_record> ledger() const;

    /// Waits until the statistics satisfy a condition.
    /// @param condition Called on this thread, at once and after each change. It must not call the
    /// emulator.
    /// @return False if that did not happen in time.
    VIDI_DECL bool wait_for(
        std::function<bool(emulator_statistics const&)> const& condition,
        std::chrono::milliseconds timeout) const;

    /// Lets one stalled request go on, given its sequence number. Does nothing if it does not
    /// stall.
    VIDI_DECL void release_stalled(std::uint64_t sequence);

    /// Lets all stalled requests go on. Later ones stall as before.
    VIDI_DECL void release_stalled();

    /// Closes all connections that wait for a request, as a server does with idle connections.
    /// @return How many it closed. They are closed when the call returns.
    VIDI_DECL std::size_t close_idle_connections();

    /// Writes bytes to all connections that wait for a request, which nobody there expects.
    /// @return To how many. The bytes have left when the call returns.
    VIDI_DECL std::size_t send_to_idle_connections(std::string bytes);

    /// Stops listening, so that connections are refused. Those that it has stay. Does nothing if it
    /// does not listen.
    VIDI_DECL void stop_listening();

    /// Listens again, on the same port. Does nothing if it listens.
    /// @throws boost::system::system_error Somebody else has taken the port.
    VIDI_DECL void listen();

private:
    class implementation;
    std::unique_ptr<implementation> implementation_;
};

} // namespace vidi::testing
