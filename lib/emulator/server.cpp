#include "emulator/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <future>
#include <stdexcept>
#include <utility>

namespace vidi::emulation {
namespace {

namespace net = boost::asio;
using net::ip::tcp;

constexpr auto use_result = net::as_tuple(net::use_awaitable);

tcp::endpoint make_endpoint(testing::emulator_options const& options)
{
    error_code error;
    auto const address = net::ip::make_address(options.address, error);
    if (error || !address.is_loopback())
        throw std::invalid_argument("'" + options.address + "' is not a loopback address");
    return {address, options.port};
}

void check(testing::emulator_options const& options)
{
    if (options.min_tls > options.max_tls)
        throw std::invalid_argument("the lowest version of TLS is above the highest");
    if (options.require_client_certificate && !options.tls)
        throw std::invalid_argument("a certificate of the client needs TLS");
    if (options.api_key.empty())
        throw std::invalid_argument("the API key is empty");
}

net::awaitable<void> run_session(session_context& context, tcp::socket socket, std::uint64_t number)
{
    session session{context, std::move(socket), number};
    co_await session.run();
}

} // namespace

server::server(testing::emulator_options options)
    : options_{std::move(options)}, endpoint_{make_endpoint(options_)},
      log_{options_.ledger_limit, options_.on_exchange}, gate_{options_.rate_limits, log_}
{
    check(options_);
    identity_ = make_identity(options_.certificate);
    if (options_.tls)
        tls_ = make_server_context(identity_, options_);
    open_acceptor();
    pictures_ = std::make_unique<picture_source>(
        options_, shelf_,
        web_address{.tls = options_.tls, .host = options_.address, .port = port()});
    responses_ = std::make_unique<responses>(*pictures_, gate_);
    site_ = std::make_unique<site>(options_, shelf_, *responses_);
    context_.reset(
        new session_context{.options = options_, .log = log_, .tls = tls_.get(), .site = *site_});
    net::co_spawn(io_, accept(acceptor_), net::detached);
    // It goes on when it neither listens nor serves.
    thread_ = std::thread([this] {
        auto const work = net::make_work_guard(io_);
        io_.run();
    });
}

server::~server()
{
    io_.stop();
    thread_.join();
}

void server::open_acceptor()
{
    auto const acceptor = std::make_shared<tcp::acceptor>(io_);
    acceptor->open(endpoint_.protocol());
    acceptor->set_option(net::socket_base::reuse_address(true));
    acceptor->bind(endpoint_);
    acceptor->listen();
    endpoint_ = acceptor->local_endpoint();
    acceptor_ = acceptor;
}

void server::listen()
{
    std::exception_ptr failure;
    run_there([&] {
        if (acceptor_)
            return;
        try {
            open_acceptor();
            net::co_spawn(io_, accept(acceptor_), net::detached);
        }
        catch (...) {
            failure = std::current_exception();
        }
    });
    if (failure)
        std::rethrow_exception(failure);
}

void server::stop_listening()
{
    run_there([&] {
        if (auto const acceptor = std::exchange(acceptor_, nullptr))
            acceptor->close();
    });
}

std::string server::origin() const
{
    auto const address = endpoint_.address().is_v6()
                             ? std::string("[").append(options_.address).append("]")
                             : options_.address;
    return (options_.tls ? "https://" : "http://") + address + ':' + std::to_string(port());
}

net::awaitable<void> server::accept(acceptor_ptr acceptor)
{
    net::steady_timer pause{io_};
    while (acceptor->is_open()) {
        auto [error, socket] = co_await acceptor->async_accept(use_result);
        if (!error) {
            begin_session(std::move(socket));
            continue;
        }
        if (error == net::error::operation_aborted)
            co_return;
        // Too many open files, most likely: sessions have to end first.
        pause.expires_after(std::chrono::milliseconds{10});
        co_await pause.async_wait(use_result);
    }
}

void server::begin_session(tcp::socket socket)
{
    std::uint64_t number = 0;
    log_.update([&](auto& s) {
        number = ++s.connections_accepted;
        ++s.connections_open;
    });
    net::co_spawn(io_, run_session(*context_, std::move(socket), number), net::detached);
}

void server::run_there(std::function<void()> work)
{
    std::promise<void> done;
    net::post(io_, [&] {
        work();
        done.set_value();
    });
    done.get_future().wait();
}

void server::release(std::uint64_t sequence)
{
    run_there([&] {
        if (auto const found = context_->stalled.find(sequence); found != context_->stalled.end())
            found->second->cancel();
    });
}

void server::release_all()
{
    run_there([&] {
        for (auto const& [sequence, timer] : context_->stalled)
            timer->cancel();
    });
}

std::size_t server::close_idle()
{
    auto const closed = std::make_shared<std::promise<void>>();
    auto all_closed = closed->get_future();
    std::size_t count = 0;
    run_there([&] {
        std::shared_ptr<void> const token{nullptr, [closed](void*) { closed->set_value(); }};
        count = context_->idle.size();
        for (auto const session : context_->idle)
            session->close_idle(token);
    });
    all_closed.wait();
    return count;
}

std::size_t server::send_to_idle(std::string bytes)
{
    auto const sent = std::make_shared<std::promise<void>>();
    auto all_sent = sent->get_future();
    std::size_t count = 0;
    run_there([&] {
        std::shared_ptr<void> const token{nullptr, [sent](void*) { sent->set_value(); }};
        count = context_->idle.size();
        for (auto const session : context_->idle)
            net::co_spawn(io_, session->send_unasked(bytes, token), net::detached);
    });
    all_sent.wait();
    return count;
}

} // namespace vidi::emulation
