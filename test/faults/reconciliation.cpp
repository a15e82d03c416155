#include "faults/reconciliation.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include <charconv>
#include <istream>

namespace vidi_soak {
namespace {

namespace json = boost::json;

constexpr std::string_view prefix = "soak-";

} // namespace

std::string request_id(std::uint64_t number)
{
    return std::string(prefix).append(std::to_string(number));
}

std::optional<std::uint64_t> number_of(std::string const& id)
{
    if (!id.starts_with(prefix))
        return std::nullopt;
    std::uint64_t number = 0;
    auto const end = id.data() + id.size();
    auto const [rest, error] = std::from_chars(id.data() + prefix.size(), end, number);
    bool const whole = rest == end || *rest == '-';
    return error == std::errc{} && whole ? std::optional{number} : std::nullopt;
}

std::string to_line(outcome const& outcome)
{
    json::object line{
        {"number", outcome.number}, {"failure", outcome.failure}, {"attempts", outcome.attempts}};
    if (outcome.possibly_billed)
        line["possibly_billed"] = *outcome.possibly_billed;
    return json::serialize(line);
}

void reconciliation::read_outcomes(std::istream& lines)
{
    for (std::string line; std::getline(lines, line);) {
        auto const value = json::parse(line);
        outcome result{
            .number = value.at("number").to_number<std::uint64_t>(),
            .failure = json::value_to<std::string>(value.at("failure")),
            .attempts = value.at("attempts").to_number<unsigned>()};
        if (auto const billed = value.get_object().if_contains("possibly_billed"))
            result.possibly_billed = billed->to_number<unsigned>();
        auto const number = result.number;
        told_twice_ += outcomes_.emplace(number, std::move(result)).second ? 0u : 1u;
    }
}

void reconciliation::read_ledger(std::istream& lines)
{
    for (std::string line; std::getline(lines, line);) {
        auto const value = json::parse(line);
        auto const number = number_of(json::value_to<std::string>(value.at("client_request_id")));
        if (!number) {
            ++strangers_;
            continue;
        }
        bool const executed = value.at("executed").as_bool();
        bool const complete = value.at("complete").as_bool();
        bool const faulty = value.at("fault").is_string();
        auto& service = services_[*number];
        ++service.attempts;
        service.executed += executed ? 1u : 0u;
        service.lost += executed && !complete ? 1u : 0u;
        service.answered_well += executed && complete && !faulty ? 1u : 0u;
        faults_ += faulty ? 1u : 0u;
        executed_ += executed ? 1u : 0u;
        lost_ += executed && !complete ? 1u : 0u;
    }
}

std::vector<std::string> reconciliation::complaints() const
{
    std::vector<std::string> result;
    if (told_twice_ != 0)
        result.push_back(std::to_string(told_twice_) + " outcomes of requests that had one");
    if (strangers_ != 0)
        result.push_back(std::to_string(strangers_) + " requests in the ledger that nobody sent");
    for (auto const& [number, outcome] : outcomes_)
        check(outcome, result);
    // It takes a fault to end a connection before the server has read what was sent on it.
    if (auto const sums = add_up(); sums.made > sums.received + faults_)
        result.push_back(
            std::to_string(sums.made - sums.received) + " attempts never reached the server, and " +
            std::to_string(faults_) + " faults do not explain that");
    for (auto const& [number, service] : services_)
        if (!outcomes_.contains(number))
            result.push_back(request_id(number) + ": the server knows it, and no outcome was told");
    return result;
}

// An attempt need not have reached the server, but what reached the server was an attempt.
void reconciliation::check(outcome const& outcome, std::vector<std::string>& complaints) const
{
    auto const found = services_.find(outcome.number);
    auto const service = found == services_.end() ? service_record{} : found->second;
    auto const complain = [&](std::string const& what) {
        complaints.push_back(request_id(outcome.number) + ": " + what);
    };
    if (service.attempts > outcome.attempts)
        complain(
            "the server saw " + std::to_string(service.attempts) + " attempts, the client made " +
            std::to_string(outcome.attempts));
    if (outcome.failure.empty() && service.executed == 0)
        complain("it succeeded, and the server never executed it");
    if (!outcome.failure.empty() && service.answered_well != 0)
        complain("it failed (" + outcome.failure + "), and the server answered it");
    if (service.answered_well > 1)
        complain("it was asked again though it had been answered");
    if (outcome.possibly_billed && service.lost > *outcome.possibly_billed)
        complain(
            std::to_string(service.lost) + " answers were lost, and only " +
            std::to_string(*outcome.possibly_billed) + " of them counted");
}

reconciliation::attempt_sums reconciliation::add_up() const
{
    attempt_sums sums;
    for (auto const& [number, outcome] : outcomes_)
        sums.made += outcome.attempts;
    for (auto const& [number, service] : services_)
        sums.received += service.attempts;
    return sums;
}

std::string reconciliation::summary() const
{
    auto const sums = add_up();
    return std::to_string(outcomes_.size()) + " requests in " + std::to_string(sums.made) +
           " attempts; the server received " + std::to_string(sums.received) + ", let " +
           std::to_string(faults_) + " meet with a fault, executed " + std::to_string(executed_) +
           ", and did not deliver " + std::to_string(lost_) + " of these";
}

} // namespace vidi_soak
