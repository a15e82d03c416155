// A server that takes lists of pictures over HTTP and asks about them:
//
//     POST   /jobs            the pictures' URLs, one a line; says which job it is
//     GET    /jobs/1          how far that job is
//     GET    /jobs/1/results  what is known so far, a JSON object a line
//     DELETE /jobs/1          begins no more of it
//
//     job_server DIRECTORY [PORT]
//
// DIRECTORY has each job's list, journal and results. A server that is started again, after a crash
// too, goes on with all jobs where they ended. It listens on loopback only; the key comes from the
// environment, as for describe_image.

#include <vidi/batch/run.hpp>
#include <vidi/vidi.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace asio = boost::asio;
namespace batch = vidi::batch;
namespace fs = std::filesystem;
namespace http = boost::beast::http;
namespace json = boost::json;
using asio::ip::tcp;
using call = http::request<http::string_body>;
using reply = http::response<http::string_body>;
using namespace std::chrono_literals;

// One picture a line.
class list_file final : public batch::source
{
public:
    explicit list_file(fs::path const& file) : lines_{file} {}

    asio::awaitable<std::optional<batch::item>> next() override
    {
        std::string url;
        if (stopped_ || !std::getline(lines_, url))
            co_return std::nullopt;
        vidi::request question{.model = "gpt-5-mini"};
        question.input = {vidi::user_message{
            vidi::input_text{"描述这张图片中的内容"}, vidi::input_image::from_url(url)}};
        batch::item item;
        item.origin.position = ++position_;
        item.origin.image = std::move(url);
        item.question = std::move(question);
        co_return item;
    }

    void stop() override { stopped_ = true; }

private:
    std::ifstream lines_;
    std::uint64_t position_ = 0;
    bool stopped_ = false;
};

// One result a line. The journal makes good what a crash takes from it.
class result_file final : public batch::sink
{
public:
    explicit result_file(fs::path file)
        : file_{std::move(file)}, descriptor_{::open(file_.c_str(), O_WRONLY | O_CREAT, 0644)}
    {
        if (descriptor_ < 0)
            throw std::runtime_error{"cannot write to " + file_.string()};
        cut(size());
    }

    ~result_file() override { ::close(descriptor_); }

    asio::awaitable<std::uint64_t>
    write(batch::origin const& from, batch::result const& what) override
    {
        json::object const record{
            {"image", from.image},
            {"text", what.text},
            {"error", what.failure ? json::value(what.failure->message) : json::value()}};
        auto const line = json::serialize(record) + '\n';
        if (::write(descriptor_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
            throw std::runtime_error{"cannot write to " + file_.string()};
        co_return size_ += line.size();
    }

    std::uint64_t size() override { return fs::file_size(file_); }

    void cut(std::uint64_t size) override
    {
        fs::resize_file(file_, size);
        ::lseek(descriptor_, 0, SEEK_END);
        size_ = size;
    }

    void synchronise() override
    {
        if (::fdatasync(descriptor_) != 0)
            throw std::runtime_error{"cannot write to " + file_.string()};
    }

private:
    fs::path file_;
    int descriptor_;
    std::uint64_t size_ = 0;
};

struct job
{
    explicit job(fs::path const& name)
        : journal{name.string() + ".journal"}, results{name.string() + ".jsonl"},
          ended{name.string() + ".ended"}, source{name.string() + ".list"}, sink{results}
    {
    }

    asio::awaitable<void> run(vidi::client& client)
    {
        batch::run_options options;
        options.journal = journal;
        if (fs::exists(journal))
            options.continuation = batch::continuation::resume;
        auto const summary =
            co_await batch::run(client, source, sink, std::move(options), &monitor);
        state = summary.ending == batch::ending::complete ? "complete" : "ended early";
    }

    // For the next server too.
    void end()
    {
        std::ofstream{ended};
        monitor.stop();
    }

    json::object describe() const
    {
        auto const now = monitor.snapshot();
        return {{"state", state},         {"succeeded", now.succeeded}, {"failed", now.failed},
                {"waiting", now.waiting}, {"requests", now.attempts},   {"p95", now.p95.count()}};
    }

    fs::path journal;
    fs::path results;
    fs::path ended;
    list_file source;
    result_file sink;
    batch::monitor monitor;
    std::string state = "running";
};

class job_server
{
public:
    job_server(asio::io_context& context, vidi::client& client, fs::path directory)
        : context_{context}, client_{client}, directory_{std::move(directory)}
    {
        fs::create_directories(directory_);
        for (int number = 1; fs::exists(name_of(number).string() + ".list"); ++number)
            begin(number);
    }

    reply answer(call const& asked)
    {
        std::string_view const path{asked.target().data(), asked.target().size()};
        if (path == "/jobs" && asked.method() == http::verb::post)
            return take(asked.body());
        std::string_view rest = path.substr(0, path.find("/results"));
        auto const number = rest.starts_with("/jobs/") ? to_number(rest.substr(6)) : 0;
        auto const found = jobs_.find(number);
        if (found == jobs_.end())
            return make_reply(http::status::not_found, {{"error", "There is no such job."}});
        auto& [_, job] = *found;
        if (path.ends_with("/results"))
            return results_of(*job);
        if (asked.method() == http::verb::delete_)
            job->end();
        return make_reply(http::status::ok, job->describe());
    }

    void stop()
    {
        for (auto const& [number, job] : jobs_)
            job->monitor.stop();
    }

private:
    fs::path name_of(int number) const { return directory_ / std::to_string(number); }

    static int to_number(std::string_view digits)
    {
        int number = 0;
        auto const [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), number);
        return error == std::errc{} && end == digits.data() + digits.size() ? number : 0;
    }

    static reply make_reply(http::status status, json::object const& body)
    {
        reply result{status, 11, json::serialize(body) + '\n'};
        result.set(http::field::content_type, "application/json");
        return result;
    }

    static reply results_of(job const& of)
    {
        std::ifstream file{of.results, std::ios::binary};
        reply result{http::status::ok, 11};
        result.body().assign(std::istreambuf_iterator<char>{file}, {});
        result.set(http::field::content_type, "application/jsonl; charset=utf-8");
        return result;
    }

    // The list is in its place as a whole, or not at all.
    reply take(std::string const& list)
    {
        auto const number = static_cast<int>(jobs_.size()) + 1;
        auto const name = name_of(number).string();
        std::ofstream file{name + ".new", std::ios::binary};
        file << list;
        file.close();
        if (!file)
            return make_reply(
                http::status::insufficient_storage, {{"error", "The list cannot be kept."}});
        fs::rename(name + ".new", name + ".list");
        begin(number);
        auto result = make_reply(http::status::created, {{"job", number}});
        result.set(http::field::location, "/jobs/" + std::to_string(number));
        return result;
    }

    void begin(int number)
    {
        auto const added = std::make_shared<job>(name_of(number));
        jobs_.emplace(number, added);
        if (fs::exists(added->ended)) {
            added->state = "ended early";
            return;
        }
        asio::co_spawn(context_, added->run(client_), [added](std::exception_ptr const& failure) {
            try {
                if (failure)
                    std::rethrow_exception(failure);
            }
            catch (std::exception const& error) {
                added->state = error.what();
            }
        });
    }

    asio::io_context& context_;
    vidi::client& client_;
    fs::path directory_;
    std::map<int, std::shared_ptr<job>> jobs_;
};

asio::awaitable<void> serve(tcp::socket socket, job_server& server)
{
    constexpr std::uint64_t longest_list = 64 * 1024 * 1024;
    boost::beast::tcp_stream stream{std::move(socket)};
    stream.expires_after(30s);
    boost::beast::flat_buffer buffer;
    http::request_parser<http::string_body> parser;
    parser.body_limit(longest_list);
    co_await http::async_read(stream, buffer, parser, asio::use_awaitable);
    auto answer = server.answer(parser.get());
    answer.keep_alive(false);
    answer.prepare_payload();
    co_await http::async_write(stream, answer, asio::use_awaitable);
    stream.socket().shutdown(tcp::socket::shutdown_send);
}

asio::awaitable<void> listen(tcp::acceptor& acceptor, job_server& server)
{
    asio::steady_timer pause{acceptor.get_executor()};
    while (acceptor.is_open()) {
        auto [failure, socket] =
            co_await acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
        if (failure && acceptor.is_open()) {
            // Such as that there are too many open files: later there may be fewer.
            pause.expires_after(100ms);
            co_await pause.async_wait(asio::use_awaitable);
        }
        if (failure)
            continue;
        // A connection that fails ends, and concerns no other: hence detached.
        asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), server), asio::detached);
    }
}

int main(int argc, char** argv)
{
    try {
        if (argc < 2)
            throw std::invalid_argument{"usage: job_server DIRECTORY [PORT]"};
        asio::io_context context{1};
        vidi::client client{context, vidi::client_config::from_environment()};
        job_server server{context, client, argv[1]};
        auto const port = static_cast<unsigned short>(argc > 2 ? std::stoi(argv[2]) : 0);
        tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), port}};
        asio::signal_set signals{context, SIGINT, SIGTERM};
        // What is under way completes; run() returns when it has.
        signals.async_wait([&](vidi::error_code, int) {
            acceptor.close();
            server.stop();
        });
        asio::co_spawn(context, listen(acceptor, server), asio::detached);
        std::cout << "listening on http://" << acceptor.local_endpoint() << std::endl;
        context.run();
        return 0;
    }
    catch (std::exception const& failure) {
        std::cerr << "job_server: " << failure.what() << '\n';
        return 1;
    }
}
