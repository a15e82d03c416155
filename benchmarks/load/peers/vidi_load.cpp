// vidi through its public interface, with everything on.

#include <vidi/vidi.hpp>

#include "peer.hpp"
#include "question.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace load {
namespace {

namespace asio = boost::asio;

enum class api
{
    callback,
    coroutine
};

struct way
{
    load::api api = api::callback;
    std::size_t threads = 1;
    std::size_t clients = 1; ///< One, or one for each thread.
    vidi::admission_options admission;
};

vidi::request ask(question const& what)
{
    return {
        .model = what.model,
        .input = {vidi::user_message{
            vidi::input_text{what.text}, vidi::input_image::from_url(what.picture)}}};
}

void note(
    tally& account, clock::time_point sent, vidi::error_code ec, vidi::response const& response)
{
    if (ec == vidi::errc::rate_limited)
        return account.refused();
    if (ec)
        throw std::runtime_error{vidi::describe_failure(ec, response)};
    account.done(sent, response.output_text());
}

// Sends the next request when an answer has come, as long as there are any.
class callback_loop
{
public:
    callback_loop(vidi::client& client, question const& what, tally& account)
        : client_{&client}, question_{&what}, account_{&account}
    {
    }

    void operator()() const
    {
        if (!account_->take())
            return;
        client_->async_create(
            ask(*question_),
            [self = *this, sent = clock::now()](vidi::error_code ec, vidi::response got) {
                note(*self.account_, sent, ec, got);
                self();
            });
    }

private:
    vidi::client* client_;
    question const* question_;
    tally* account_;
};

asio::awaitable<void> coroutine_loop(vidi::client& client, question const& what, tally& account)
{
    while (account.take()) {
        auto const sent = clock::now();
        auto request = ask(what);
        auto const [ec, response] =
            co_await client.async_create(std::move(request), asio::as_tuple(asio::use_awaitable));
        note(account, sent, ec, response);
    }
}

// An io_context, the clients that run on it, one for each host, and the threads that run it.
class engine
{
public:
    engine(options const& chosen, way const& how, std::size_t threads)
        : chosen_{chosen}, how_{how}, threads_{threads}, context_{static_cast<int>(threads)}
    {
        for (auto const& host : chosen.hosts)
            clients_.emplace(host, vidi::client{context_, configure(host)});
    }

    void add_to(handshakes& made) const
    {
        for (auto const& [host, client] : clients_) {
            auto const known = client.statistics();
            made.full += known.full_handshakes;
            made.resumed += known.resumed_handshakes;
        }
    }

    // Every `step`th connection, from `first` on.
    void run(workload const& work, std::size_t first, std::size_t step)
    {
        asio::co_spawn(context_, start(work, first, step), rethrow);
        std::vector<std::jthread> others;
        for (std::size_t i = 1; i < threads_; ++i)
            others.emplace_back([this] { context_.run(); });
        context_.run();
        others.clear();
        context_.restart();
        for (auto& [host, client] : clients_)
            client.close_idle_connections();
    }

private:
    static void rethrow(std::exception_ptr error)
    {
        if (error)
            std::rethrow_exception(error);
    }

    vidi::client_config configure(std::string const& host) const
    {
        auto config = vidi::client_config::openai(vidi::secret{question::key});
        config.base_url = "https://" + host + ':' + std::to_string(chosen_.port) + "/v1";
        config.tls.ca_file = chosen_.ca_file;
        config.pool.max_connections = chosen_.connections();
        config.single_threaded = threads_ == 1;
        config.admission = how_.admission;
        return config;
    }

    asio::awaitable<void> start(workload const& work, std::size_t first, std::size_t step)
    {
        asio::steady_timer timer{context_};
        for (std::size_t i = first; i < work.connections(); i += step) {
            while (work.due() <= i) {
                timer.expires_after(std::chrono::milliseconds{1});
                co_await timer.async_wait(asio::use_awaitable);
            }
            serve(clients_.at(work.host_of(i)), work.account_of(i));
        }
    }

    void serve(vidi::client& client, tally& account)
    {
        if (how_.api == api::callback)
            callback_loop{client, chosen_.question, account}();
        else
            asio::co_spawn(context_, coroutine_loop(client, chosen_.question, account), rethrow);
    }

    options const& chosen_;
    way const& how_;
    std::size_t const threads_;
    asio::io_context context_;
    std::map<std::string, vidi::client> clients_; // by host
};

class vidi_load : public peer
{
public:
    vidi_load(options const& chosen, way const& how) : chosen_{chosen}, how_{how}
    {
        for (std::size_t i = 0; i < how.clients; ++i)
            engines_.push_back(std::make_unique<engine>(chosen_, how_, how.threads / how.clients));
    }

    handshakes made() const override
    {
        handshakes sum;
        for (auto const& one : engines_)
            one->add_to(sum);
        return sum;
    }

    void run(workload const& work) override
    {
        std::vector<std::jthread> others;
        for (std::size_t i = 1; i < engines_.size(); ++i)
            others.emplace_back([&, i] { engines_[i]->run(work, i, engines_.size()); });
        engines_.front()->run(work, 0, engines_.size());
    }

private:
    options const chosen_;
    way const how_;
    std::vector<std::unique_ptr<engine>> engines_;
};

void add_options(CLI::App& app, way& how)
{
    std::map<std::string, api> const apis{
        {"callback", api::callback}, {"coroutine", api::coroutine}};
    app.add_option("--api", how.api)->transform(CLI::CheckedTransformer(apis));
    app.add_option("--threads", how.threads)->check(CLI::PositiveNumber);
    app.add_option("--clients", how.clients, "one for all threads, or as many as threads")
        ->check(CLI::PositiveNumber);
    app.add_option("--rate-limit", how.admission.requests, "the server's; 0: to be learned");
    app.add_option_function<unsigned>(
        "--rate-window",
        [&how](unsigned value) { how.admission.window = std::chrono::milliseconds{value}; },
        "over which the server counts, in milliseconds");
}

} // namespace
} // namespace load

int main(int argc, char** argv)
{
    load::way how;
    auto const chosen =
        load::parse_options(argc, argv, [&](CLI::App& app) { load::add_options(app, how); });
    return load::drive(chosen, [&] { return std::make_unique<load::vidi_load>(chosen, how); });
}
