#include <vidi/batch/survey.hpp>
#include <vidi/json.hpp>

#include "batch/identity.hpp"
#include "batch/journal_file.hpp"
#include "batch/sqlite.hpp"
#include "model/estimate_tokens.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace vidi::batch {
namespace {

enum class whereabouts
{
    in_journal, // and not met with in the source yet
    in_source
};

using questions = std::unordered_map<identity, whereabouts, identity_hash>;

identity read_identity(sqlite::rows const& row, int column)
{
    auto const bytes = row.text(column);
    identity result;
    if (bytes.size() != result.size())
        throw row.damaged(column);
    std::ranges::copy(bytes, result.begin());
    return result;
}

// The mean of what the answers of a journal took.
struct known_cost
{
    std::uint64_t answers = 0;
    double input = 0;
    double output = 0;
};

known_cost read_journal(survey_options const& options, questions& known)
{
    sqlite::connection connection = open_journal_to_read(canonical_path(options.journal));
    sqlite::statement answered{
        connection, "SELECT question.identity FROM question"
                    " JOIN result ON result.question = question.number WHERE failed <= ?"};
    sqlite::rows row = answered.select(options.retry_failed ? 0 : 1);
    while (row.next())
        known.emplace(read_identity(row, 0), whereabouts::in_journal);
    // avg() does not overflow, as sum() can.
    sqlite::statement cost{
        connection, "SELECT count(*), CAST(round(coalesce(avg(input_tokens), 0)) AS INTEGER),"
                    " CAST(round(coalesce(avg(output_tokens), 0)) AS INTEGER)"
                    " FROM result WHERE input_tokens IS NOT NULL AND output_tokens IS NOT NULL"};
    sqlite::rows mean = cost.select();
    mean.next();
    return {
        .answers = mean.integer<std::uint64_t>(0),
        .input = static_cast<double>(mean.integer<std::int64_t>(1)),
        .output = static_cast<double>(mean.integer<std::int64_t>(2))};
}

std::int64_t bounded(double tokens)
{
    // The greatest number would be rounded to one beyond it.
    constexpr double most = 9e18;
    return static_cast<std::int64_t>(std::llround(std::fmin(std::fmax(tokens, 0), most)));
}

class surveyor
{
public:
    explicit surveyor(survey_options const& options)
    {
        if (!options.journal.empty())
            cost_ = read_journal(options, known_);
    }

    void take(item const& taken)
    {
        ++found_.items;
        auto const asked = std::get_if<request>(&taken.question);
        if (!asked) {
            ++found_.unusable[std::get<unusable>(taken.question).kind];
            return;
        }
        auto const text = serialize(*asked);
        auto const [place, is_new] = known_.emplace(identify(text), whereabouts::in_source);
        if (!is_new) {
            ++(place->second == whereabouts::in_source ? found_.doubles : found_.done);
            place->second = whereabouts::in_source;
            return;
        }
        ++found_.questions;
        auto const guess = model::estimate_tokens(*asked, text.size());
        input_ += static_cast<double>(guess.input);
        output_ += static_cast<double>(guess.output);
    }

    survey finish()
    {
        auto const number = static_cast<double>(found_.questions);
        bool const is_guess = cost_.answers == 0;
        found_.answers_known = cost_.answers;
        found_.input_tokens = bounded(is_guess ? input_ : number * cost_.input);
        found_.output_tokens = bounded(is_guess ? output_ : number * cost_.output);
        return std::move(found_);
    }

private:
    questions known_;
    known_cost cost_;
    survey found_;
    double input_ = 0;
    double output_ = 0;
};

} // namespace

boost::asio::awaitable<survey> look_over(source& from, survey_options options)
{
    surveyor looking{options};
    while (auto taken = co_await from.next())
        looking.take(*taken);
    co_return looking.finish();
}

} // namespace vidi::batch
