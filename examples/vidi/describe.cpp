#include "describe.hpp"

#include <vidi/json.hpp>

#include "advice.hpp"
#include "ask.hpp"
#include "console.hpp"
#include "json_text.hpp"
#include "printable.hpp"
#include "tally.hpp"
#include "write_all.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <optional>

namespace vidi_tool {
namespace {

namespace asio = boost::asio;

constexpr std::size_t most_at_once = 32;

// Asks about all images at the same time and prints the answers in the order of the images.
class describer
{
public:
    describer(asio::io_context& context, describe_options const& options)
        : context_{context}, options_{options}, concurrency_{concurrency(options)},
          client_{context, make_config(options.request, concurrency_)},
          signals_{context, SIGINT, SIGTERM}, outcomes_(options.images.size())
    {
    }

    exit_status run();

private:
    static std::size_t concurrency(describe_options const& options)
    {
        return std::min(options.images.size(), most_at_once);
    }

    asio::awaitable<void> describe_one_after_the_other();
    void print_what_is_ready();
    void report(std::string const& image, outcome const& result);
    void print(std::string const& image, vidi::response const& response);
    void stop(exit_status status);

    asio::io_context& context_;
    describe_options const& options_;
    std::size_t concurrency_;
    vidi::client client_;
    asio::signal_set signals_;
    console console_;
    std::vector<std::optional<outcome>> outcomes_;
    std::size_t begun_ = 0;
    std::size_t printed_ = 0;
    bool has_heading_ = false;
    vidi::batch::progress tally_;
    std::optional<exit_status> stopped_;
};

exit_status describer::run()
{
    signals_.async_wait([this](boost::system::error_code ec, int) {
        if (ec)
            return;
        console_.say(
            "vidi describe: interrupted, " + std::to_string(printed_) + " of " +
            std::to_string(outcomes_.size()) + " images done");
        stop(exit_interrupted);
    });
    for (std::size_t i = 0; i != concurrency_; ++i) {
        asio::co_spawn(
            context_, describe_one_after_the_other(), [this](std::exception_ptr failure) {
                if (failure)
                    std::rethrow_exception(failure);
                if (printed_ == outcomes_.size())
                    signals_.cancel();
            });
    }
    context_.run();
    return stopped_.value_or(status_of(tally_));
}

asio::awaitable<void> describer::describe_one_after_the_other()
{
    while (begun_ != outcomes_.size()) {
        auto const index = begun_++;
        outcomes_[index] = co_await ask(
            client_, options_.request, options_.images[index], options_.request.prompt);
        print_what_is_ready();
    }
}

void describer::print_what_is_ready()
{
    while (!stopped_ && printed_ != outcomes_.size() && outcomes_[printed_]) {
        report(options_.images[printed_], *outcomes_[printed_]);
        outcomes_[printed_++].reset();
    }
}

void describer::report(std::string const& image, outcome const& result)
{
    add(tally_, result);
    if (result.response && !result.verdict.code)
        print(image, *result.response);
    auto const& failure = result.verdict.result.failure;
    if (!failure)
        return;
    auto message = "vidi describe: " + one_line(image) + ": " + failure->message;
    if (auto const what_to_do = advice(result.verdict); !what_to_do.empty())
        message += "; " + what_to_do;
    console_.say(message);
}

void describer::print(std::string const& image, vidi::response const& response)
{
    auto text = options_.json ? pretty_json(vidi::serialize(response)) : response.output_text();
    if (text.empty())
        return;
    if (!options_.json && outcomes_.size() > 1) {
        text.insert(0, "==> " + one_line(image) + " <==\n");
        if (std::exchange(has_heading_, true))
            text.insert(0, "\n");
    }
    if (!text.ends_with('\n'))
        text += '\n';
    if (auto const error = write_all(STDOUT_FILENO, text)) {
        console_.say("vidi describe: cannot write to standard output: " + error.message());
        stop(exit_failures);
    }
}

void describer::stop(exit_status status)
{
    stopped_ = status;
    context_.stop();
}

} // namespace

int run_describe(describe_options const& options)
{
    asio::io_context context{1};
    return describer{context, options}.run();
}

} // namespace vidi_tool
