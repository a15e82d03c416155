// Describes pictures and tells Prometheus how it went, in its text format: on standard output,
// which a server would serve at /metrics.
//
//     prometheus_metrics [IMAGE_URL]...
//
// The key comes from the environment, as for describe_image. The answers go to standard error.

#include <vidi/vidi.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <memory>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <string>

namespace asio = boost::asio;

// What happens within a client, as metrics. prometheus-cpp's are safe to use from any thread.
class metrics final : public vidi::observer
{
public:
    explicit metrics(prometheus::Registry& registry) : registry_{registry} {}

    void on_begin(vidi::request_begin const&) noexcept override { in_flight_.Increment(); }

    void on_attempt(vidi::attempt_end const& attempt) noexcept override
    {
        auto const& exchange = attempt.response.exchange;
        attempts_.Add({{"result", attempt.failure ? attempt.failure.message() : "answered"}})
            .Increment();
        (exchange.connection_reused ? reused_ : fresh_).Increment();
        received_.Increment(static_cast<double>(exchange.body_bytes));
        if (attempt.retry_after)
            retries_.Increment();
        if (attempt.hedge)
            hedges_.Increment();
        if (attempt.possibly_billed)
            possibly_billed_.Increment();
        auto const& times = exchange.timings;
        observe("queue", times.queue);
        if (!exchange.connection_reused) {
            observe("connect", times.resolve + times.connect);
            observe("tls_handshake", times.tls_handshake);
        }
        if (exchange.http_status != 0)
            observe("first_byte", times.first_byte);
    }

    void on_end(vidi::request_end const& request) noexcept override
    {
        in_flight_.Decrement();
        observe("admission", request.response.exchange.timings.admission);
        observe("total", request.response.exchange.timings.total);
        if (auto const& usage = request.response.usage) {
            input_tokens_.Increment(static_cast<double>(usage->input_tokens));
            output_tokens_.Increment(static_cast<double>(usage->output_tokens));
        }
    }

private:
    using counters = prometheus::Family<prometheus::Counter>;

    counters& family(std::string const& name, std::string const& help)
    {
        return prometheus::BuildCounter().Name(name).Help(help).Register(registry_);
    }

    prometheus::Counter& counter(std::string const& name, std::string const& help)
    {
        return family(name, help).Add({});
    }

    void observe(std::string const& stage, std::chrono::duration<double> time)
    {
        seconds_
            .Add(
                {{"stage", stage}},
                prometheus::Histogram::BucketBoundaries{
                    0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300})
            .Observe(time.count());
    }

    prometheus::Registry& registry_;
    prometheus::Gauge& in_flight_ = prometheus::BuildGauge()
                                        .Name("vidi_requests_in_flight")
                                        .Help("Requests that have begun and not ended.")
                                        .Register(registry_)
                                        .Add({});
    counters& attempts_ = family("vidi_attempts_total", "Attempts, by what became of them.");
    counters& connections_ =
        family("vidi_connections_total", "Connections that attempts were made on.");
    prometheus::Counter& fresh_ = connections_.Add({{"connection", "new"}});
    prometheus::Counter& reused_ = connections_.Add({{"connection", "reused"}});
    counters& tokens_ = family("vidi_tokens_total", "Tokens, as the provider counted them.");
    prometheus::Counter& input_tokens_ = tokens_.Add({{"direction", "input"}});
    prometheus::Counter& output_tokens_ = tokens_.Add({{"direction", "output"}});
    prometheus::Counter& received_ =
        counter("vidi_received_bytes_total", "Bytes of response bodies.");
    prometheus::Counter& retries_ =
        counter("vidi_retries_total", "Attempts after one that failed.");
    prometheus::Counter& hedges_ =
        counter("vidi_hedges_total", "Attempts beside one that was slow.");
    prometheus::Counter& possibly_billed_ = counter(
        "vidi_possibly_billed_total", "Attempts that may have been billed without an answer.");
    prometheus::Family<prometheus::Histogram>& seconds_ =
        prometheus::BuildHistogram()
            .Name("vidi_seconds")
            .Help("How long a request took, by stage.")
            .Register(registry_);
};

int main(int argc, char** argv)
{
    try {
        prometheus::Registry registry;
        auto config = vidi::client_config::from_environment();
        config.observer = std::make_shared<metrics>(registry);

        asio::io_context context{1};
        vidi::client client{context, std::move(config)};
        for (int i = 1; i < argc; ++i) {
            vidi::request request{.model = "gpt-5-mini"};
            request.input = {vidi::user_message{
                vidi::input_text{"描述这张图片中的内容"}, vidi::input_image::from_url(argv[i])}};
            client.async_create(request, [](vidi::error_code ec, vidi::response response) {
                std::cerr << (ec ? describe_failure(ec, response) : response.output_text()) << '\n';
            });
        }
        context.run();

        std::cout << prometheus::TextSerializer{}.Serialize(registry.Collect());
        return 0;
    }
    catch (std::exception const& failure) {
        std::cerr << "prometheus_metrics: " << failure.what() << '\n';
        return 1;
    }
}
