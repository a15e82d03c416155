// What a TLS server may do, in any order and cut up anywhere, and what may be done to its bytes on
// the way, while the client reads, writes, cancels and looks. Each byte of the input is an action;
// those that follow say how much.

#include "fuzz/fuzzing.hpp"
#include "support/scripted_peer.hpp"
#include "transport/tls_context.hpp"
#include "transport/tls_stream.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/io_context.hpp>

#include <array>
#include <iterator>
#include <optional>
#include <string>

namespace {

namespace asio = boost::asio;
using asio::cancellation_type;
using vidi::error_code;
using vidi_fuzz::expect;
using vidi_fuzz::script;

// What is said, such that any part of it that is missing or misplaced is noticed.
constexpr std::size_t period = 997;
constexpr std::size_t longest_text = 32 * 1024;

std::string_view text_from(std::size_t offset, std::size_t size)
{
    static auto const text = [] {
        std::string made(period + longest_text, '\0');
        for (std::size_t i = 0; i < made.size(); ++i)
            made[i] = static_cast<char>(i % period % 251 + i % period / 251);
        return made;
    }();
    return std::string_view{text}.substr(offset % period, size);
}

bool is_text_from(std::size_t offset, std::string_view said)
{
    for (; !said.empty(); offset += period, said.remove_prefix(std::min(said.size(), period))) {
        auto const part = said.substr(0, period);
        if (part != text_from(offset, part.size()))
            return false;
    }
    return true;
}

asio::io_context& context()
{
    static asio::io_context instance{1};
    return instance;
}

SSL_CTX* server_context(int version)
{
    static auto const tls_1_2 = vidi_test::make_server_context(TLS1_2_VERSION);
    static auto const tls_1_3 = vidi_test::make_server_context(TLS1_3_VERSION);
    return (version == TLS1_2_VERSION ? tls_1_2 : tls_1_3).get();
}

// No session is kept, so that it does not matter what earlier inputs led to.
vidi::transport::tls_context& client_context()
{
    static error_code ec;
    static std::string detail;
    static vidi::transport::tls_context instance{vidi_test::trust_in_peer(), true, ec, detail};
    SSL_CTX_set_session_cache_mode(instance.native(), SSL_SESS_CACHE_OFF);
    return instance;
}

// An operation of the client's, of which one of a kind is outstanding at a time.
struct operation
{
    asio::cancellation_signal stop;
    bool outstanding = false;
    error_code failure;
};

class conversation
{
public:
    conversation(int version, std::pair<vidi_test::stream_socket, vidi_test::stream_socket> ends)
        : socket_{std::move(ends.first)}, peer_{server_context(version), std::move(ends.second)}
    {
        stream_.emplace(socket_, client_context().native());
        expect(!client_context().prepare(
            stream_->native_handle(), {.tls = true, .host = "localhost", .port = 443}));
        // A connection that is soon full.
        socket_.set_option(asio::socket_base::send_buffer_size{16 * 1024});
        shake_hands();
    }

    void act(script& input)
    {
        using action = void (*)(conversation&, script&);
        static constexpr action actions[] = {
            [](conversation& c, script& s) { c.say(s.length()); },
            [](conversation& c, script& s) { c.send(s.length()); },
            [](conversation& c, script&) { c.send(vidi_test::scripted_peer::unlimited); },
            [](conversation& c, script& s) { c.read(s.length()); },
            [](conversation& c, script& s) { c.write(s.length()); },
            [](conversation& c, script& s) { c.cancel(c.reading_, s.byte()); },
            [](conversation& c, script& s) { c.cancel(c.writing_, s.byte()); },
            [](conversation& c, script& s) { c.cancel(c.handshake_, s.byte()); },
            [](conversation& c, script& s) { c.inject(s.take(s.length())); },
            [](conversation& c, script& s) { c.inject_record(s); },
            [](conversation& c, script& s) { c.corrupt(s); },
            [](conversation& c, script& s) { c.lose(s.length()); },
            [](conversation& c, script& s) { c.update_key(s.byte() % 2 == 0); },
            [](conversation& c, script&) { c.give_ticket(); },
            [](conversation& c, script&) { c.peer_.say_close_notify(); },
            [](conversation& c, script&) { c.end(); },
            [](conversation& c, script&) { c.look(); },
            [](conversation& c, script&) { c.shut_down(); },
            [](conversation& c, script& s) { c.peer_.hear(s.take(s.length())); },
            [](conversation& c, script&) { c.peer_.listen(); },
        };
        actions[input.byte() % std::size(actions)](*this, input);
    }

    // What is outstanding ends, at the latest when the peer is gone.
    void finish()
    {
        send(vidi_test::scripted_peer::unlimited);
        peer_.listen();
        run();
        expect(is_text_from(0, peer_.received));
        expect(peer_.received.size() <= offered_);
        peer_.socket().close();
        run();
        expect(!handshake_.outstanding && !writing_.outstanding && !reading_.outstanding);
        stream_.reset();
    }

    void make_handshake()
    {
        while (handshake_.outstanding && (peer_.work() != 0 || run() != 0))
            run();
        peer_.listen();
    }

private:
    std::size_t run()
    {
        context().restart();
        return context().poll();
    }

    void shake_hands()
    {
        handshake_.outstanding = true;
        stream_->async_handshake(
            asio::bind_cancellation_slot(handshake_.stop.slot(), [this](error_code ec) {
                handshake_.outstanding = false;
                handshake_.failure = ec;
            }));
        run();
    }

    void read(std::size_t size)
    {
        if (reading_.outstanding || handshake_.outstanding || size == 0 || shut_down_)
            return;
        reading_.outstanding = true;
        stream_->async_read_some(
            asio::buffer(read_buffer_.data(), std::min(size, read_buffer_.size())),
            asio::bind_cancellation_slot(
                reading_.stop.slot(),
                [this](error_code ec, std::size_t bytes) { on_read(ec, bytes); }));
        run();
    }

    void on_read(error_code ec, std::size_t bytes)
    {
        expect(reading_.outstanding && (bytes != 0) == !ec);
        reading_.outstanding = false;
        auto const failed_for_good =
            reading_.failure && reading_.failure != asio::error::operation_aborted;
        expect(!failed_for_good || ec);
        reading_.failure = ec;
        expect(is_text_from(read_, {read_buffer_.data(), bytes}));
        read_ += bytes;
        expect(read_ <= said_);
    }

    void write(std::size_t size)
    {
        if (writing_.outstanding || handshake_.outstanding || size == 0 || write_given_up_)
            return;
        writing_.outstanding = true;
        offered_ = written_ + size;
        stream_->async_write_some(
            asio::buffer(text_from(written_, size)),
            asio::bind_cancellation_slot(
                writing_.stop.slot(),
                [this](error_code ec, std::size_t bytes) { on_written(ec, bytes); }));
        run();
    }

    void on_written(error_code ec, std::size_t bytes)
    {
        expect(writing_.outstanding && (bytes != 0) == !ec);
        writing_.outstanding = false;
        written_ += bytes;
        write_given_up_ = static_cast<bool>(ec);
    }

    void cancel(operation& what, std::uint8_t type)
    {
        what.stop.emit(static_cast<cancellation_type>(1U << (type % 3)));
        run();
    }

    void say(std::size_t size)
    {
        if (peer_.say(text_from(said_, size)))
            said_ += size;
    }

    void send(std::size_t size)
    {
        peer_.piece = size;
        peer_.send_piece();
        run();
    }

    void inject(std::string_view bytes)
    {
        peer_.send(bytes);
        run();
    }

    // A record that nobody has encrypted, of a type and a length that may be lies.
    void inject_record(script& input)
    {
        std::string record{static_cast<char>(20 + input.byte() % 6), 3, 3};
        record += static_cast<char>(input.byte() % 65);
        record += static_cast<char>(input.byte());
        record += input.take(input.length());
        inject(record);
    }

    void corrupt(script& input)
    {
        auto const at = input.length();
        auto const difference = input.byte();
        if (at < peer_.unsent.size())
            peer_.unsent[at] = static_cast<char>(peer_.unsent[at] ^ difference);
    }

    void lose(std::size_t size) { peer_.unsent.erase(0, size); }

    void update_key(bool both_sides)
    {
        SSL_key_update(
            peer_.native_handle(),
            both_sides ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED);
        peer_.say_what_was_asked();
    }

    void give_ticket()
    {
        SSL_new_session_ticket(peer_.native_handle());
        peer_.say_what_was_asked();
    }

    void end()
    {
        error_code ignored;
        peer_.socket().shutdown(asio::socket_base::shutdown_send, ignored);
        run();
    }

    void look()
    {
        if (handshake_.outstanding || reading_.outstanding || shut_down_)
            return;
        auto const silent = stream_->silent();
        expect(stream_->has_input() || silent == stream_->silent());
    }

    // The last that is done to a stream: OpenSSL gives a passing error for what is done after it
    // while a message of its own is half read.
    void shut_down()
    {
        if (handshake_.outstanding || writing_.outstanding || reading_.outstanding)
            return;
        error_code ignored;
        stream_->shutdown(ignored);
        write_given_up_ = true;
        shut_down_ = true;
    }

    vidi_test::stream_socket socket_;
    vidi_test::scripted_peer peer_;
    std::optional<vidi::transport::tls_stream> stream_;
    operation handshake_;
    operation reading_;
    operation writing_;
    std::array<char, 20'000> read_buffer_;
    std::size_t said_ = 0;
    std::size_t read_ = 0;
    std::size_t offered_ = 0;
    std::size_t written_ = 0;
    bool write_given_up_ = false;
    bool shut_down_ = false;
};

} // namespace

// The first byte says which version of TLS it is, and whether the handshake is part of the script.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    script input{data, size};
    auto const first = input.byte();
    conversation talk{
        first % 2 == 0 ? TLS1_3_VERSION : TLS1_2_VERSION, vidi_test::make_socket_pair(context())};
    if (first % 8 < 6)
        talk.make_handshake();
    while (!input.done())
        talk.act(input);
    talk.finish();
    return 0;
}
