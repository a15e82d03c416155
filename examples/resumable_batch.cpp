// Asks about the pictures named on standard input, a URL a line, and keeps a journal: started again
// after a crash, with the same list, it goes on where it ended and pays for nothing twice.
//
//     resumable_batch JOURNAL < LIST
//
// The key comes from the environment, as for describe_image.

#include <vidi/batch/run.hpp>
#include <vidi/vidi.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace asio = boost::asio;
namespace batch = vidi::batch;

// Where the items come from. One that waits, for a database or a queue, would co_await here.
class lines final : public batch::source
{
public:
    asio::awaitable<std::optional<batch::item>> next() override
    {
        std::string url;
        if (!std::getline(std::cin, url))
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

private:
    std::uint64_t position_ = 0;
};

// Where the results go.
class printer final : public batch::sink
{
public:
    asio::awaitable<std::uint64_t>
    write(batch::origin const& from, batch::result const& what) override
    {
        std::cout << from.image << ": " << (what.failure ? what.failure->message : what.text)
                  << std::endl;
        co_return 0;
    }
};

asio::awaitable<int> run(vidi::client& client, std::filesystem::path journal)
{
    lines source;
    printer sink;
    batch::run_options options;
    options.journal = std::move(journal);
    if (std::filesystem::exists(options.journal))
        options.continuation = batch::continuation::resume;
    auto const summary = co_await batch::run(client, source, sink, std::move(options));
    auto const& counts = summary.progress;
    std::cerr << counts.succeeded << " succeeded, " << counts.failed << " failed, "
              << counts.attempts << " requests\n";
    bool const complete = summary.ending == batch::ending::complete;
    co_return complete&& counts.failed == 0 ? 0 : 1;
}

int main(int argc, char** argv)
{
    try {
        if (argc != 2)
            throw std::invalid_argument{"usage: resumable_batch JOURNAL < LIST"};
        asio::io_context context{1};
        vidi::client client{context, vidi::client_config::from_environment()};
        int status = 1;
        asio::co_spawn(
            context, run(client, argv[1]), [&](std::exception_ptr const& failure, int result) {
                if (failure)
                    std::rethrow_exception(failure);
                status = result;
            });
        context.run();
        return status;
    }
    catch (std::exception const& failure) {
        std::cerr << "resumable_batch: " << failure.what() << '\n';
        return 1;
    }
}
