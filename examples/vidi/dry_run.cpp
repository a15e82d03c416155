#include "dry_run.hpp"

#include <vidi/batch/journal_reader.hpp>

#include "bad_line_report.hpp"
#include "batch.hpp"
#include "command.hpp"
#include "exit_status.hpp"
#include "list_source.hpp"
#include "numbers.hpp"
#include "printable.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <utility>

namespace vidi_tool {
namespace {

namespace asio = boost::asio;

std::string images_line(vidi::batch::survey const& survey)
{
    auto line = with_separators(survey.items) + (survey.items == 1 ? " image" : " images");
    std::uint64_t unusable = 0;
    for (auto const& [kind, number] : survey.unusable)
        unusable += number;
    if (unusable != 0)
        line += ", of which " + with_separators(unusable) +
                " cannot be asked: " + list_kinds(survey.unusable);
    return line;
}

std::string tokens_line(vidi::batch::survey const& survey)
{
    auto const numbers =
        token_count(survey.input_tokens) + " in, " + token_count(survey.output_tokens) + " out";
    if (survey.answers_known != 0)
        return "tokens: " + numbers + ", as the " + with_separators(survey.answers_known) +
               " answers so far took";
    return "tokens: " + numbers +
           ", a guess; a run with --sample 100 -o OUT, and then --resume --dry-run, tells more";
}

vidi::batch::survey_options make_survey_options(batch_options const& options)
{
    vidi::batch::survey_options result;
    if (!resumes(options))
        return result;
    result.journal = journal_of(options);
    result.retry_failed = options.retry_failed;
    if (vidi::batch::journal_reader{result.journal}.job() != job_of(options))
        throw usage_error(
            one_line(journal_of(options)) +
            " is the journal of another job: give the prompt, model and detail of that one");
    return result;
}

vidi::batch::survey look_over(batch_options const& options)
{
    asio::io_context context{1};
    console out;
    bad_line_report bad_lines;
    auto const list = open_list(context.get_executor(), options.list);
    list_source source{
        *list, options.request, [&](std::uint64_t number, std::string const& reason) {
            bad_lines.report(out, list->unit(), number, reason);
        }};
    vidi::batch::survey found;
    std::exception_ptr failed;
    asio::co_spawn(
        context, vidi::batch::look_over(source, make_survey_options(options)),
        [&](std::exception_ptr failure, vidi::batch::survey result) {
            failed = std::move(failure);
            found = std::move(result);
        });
    context.run();
    if (failed)
        std::rethrow_exception(failed);
    return found;
}

} // namespace

std::string format_survey(
    vidi::batch::survey const& survey, std::optional<token_price> const& price,
    std::string const& currency)
{
    auto text = images_line(survey);
    text += "\nto ask: " + with_separators(survey.questions) +
            "; doubles: " + with_separators(survey.doubles) +
            "; done before: " + with_separators(survey.done);
    text += '\n' + tokens_line(survey);
    if (price)
        text += "\ncost: " + decimal(price->cost(survey.input_tokens, survey.output_tokens), 2) +
                (currency.empty() ? "" : ' ' + currency);
    return text;
}

int run_dry(batch_options const& options)
try {
    price_list prices;
    std::optional<token_price> price;
    if (!options.prices_file.empty()) {
        prices = read_price_list(options.prices_file);
        price = prices.find(options.request.model);
        if (!price)
            throw usage_error(
                one_line(options.prices_file) + " has no price of " +
                one_line(options.request.model));
    }
    std::cout << format_survey(look_over(options), price, one_line(prices.currency)) << std::endl;
    return std::cout ? exit_success : exit_failures;
}
catch (vidi::batch::journal_error const& error) {
    throw usage_error(error.what());
}

} // namespace vidi_tool
