"""A statement as PDF: what a member prints, or takes to a bank."""

from typing import TYPE_CHECKING, BinaryIO

from typing_extensions import override

from core.clock import NAIROBI
from core.money import Money
from core.reports.ports import Issuer, StatementRenderer, StatementWords
from core.reports.statement import AccountStatement, LoanStatement, MemberStatement

if TYPE_CHECKING:
    from integrations.documents.pdf_paper import Paper


class PdfStatement(StatementRenderer):
    """Portrait A4. The same statement at the same moment gives the same bytes."""

    @property
    @override
    def media_type(self) -> str:
        return "application/pdf"

    @override
    def write(self, statement: MemberStatement, words: StatementWords, issuer: Issuer, out: BinaryIO) -> None:
        # The PDF library takes a quarter of a second and 30 MiB to load; a web process that prints nothing is spared.
        from integrations.documents.pdf_paper import Paper

        member = f"{statement.member.number}  {statement.member.name}"
        period = f"{words.day(statement.period.since)} - {words.day(statement.period.until)}"
        checked = f"{words.check} {statement.check_code}. {words.check_how}"
        paper = Paper((f"{issuer.institution}  {member}  {period}", checked), words.page)
        paper.set_title(words.title)
        paper.set_creation_date(issuer.made_at)
        paper.add_page()
        paper.heading(issuer.institution, words.title)
        made = issuer.made_at.astimezone(NAIROBI)
        paper.fact(words.member, member)
        paper.fact(words.phone, statement.member.phone_masked)
        paper.fact(words.period, period)
        paper.fact(words.made, f"{words.day(made.date())} {made:%H:%M}")
        paper.fact(words.check, statement.check_code)
        for account in statement.accounts:
            _draw_account(paper, account, words)
        for loan in statement.loans:
            _draw_loan(paper, loan, words)
        paper.output(out)


def _draw_account(paper: "Paper", account: AccountStatement, words: StatementWords) -> None:
    from integrations.documents.pdf_paper import Column

    paper.begin_table(
        f"{words.account_name(account.product)}  {account.number}",
        account.opening.currency,
        (
            Column(words.on, 20),
            Column(words.what, 52),
            Column(words.reference, 32),
            Column(words.debit, 28, is_amount=True),
            Column(words.credit, 28, is_amount=True),
            Column(words.balance, 30, is_amount=True),
        ),
    )
    paper.row(("", words.opening, "", "", "", str(account.opening)), bold=True)
    for each, balance in account.lines():
        what, debit, credit = words.kind(each.kind), _unless_zero(each.debit), _unless_zero(each.credit)
        paper.row((words.day(each.on), what, each.reference, debit, credit, str(balance)))
    if account.movements:
        paper.row(("", words.total, "", str(account.total_debit), str(account.total_credit), ""))
    else:
        paper.remark(words.nothing)
    paper.row(("", words.closing, "", "", "", str(account.closing)), bold=True)


def _draw_loan(paper: "Paper", loan: LoanStatement, words: StatementWords) -> None:
    from integrations.documents.pdf_paper import Column

    paper.begin_table(
        f"{words.loan_name(loan.product)}  {loan.number}",
        loan.opening.principal.currency,
        (
            Column(words.on, 19),
            Column(words.what, 33),
            Column(words.reference, 22),
            Column(words.charged, 22, is_amount=True),
            Column(words.principal, 21, is_amount=True, above=words.paid),
            Column(words.interest, 19, is_amount=True),
            Column(words.fees, 15, is_amount=True),
            Column(words.penalties, 16, is_amount=True),
            Column(words.balance, 23, is_amount=True),
        ),
    )
    paper.row(("", words.opening, *[""] * 6, str(loan.opening.total)), bold=True)
    for each, debt in loan.lines():
        paid = each.paid
        portions = (paid.principal, paid.interest, paid.fees, paid.penalties)
        amounts = map(_unless_zero, (each.charged.total, *portions))
        paper.row((words.day(each.on), words.kind(each.kind), each.reference, *amounts, str(debt.total)))
    paid = loan.total_paid
    totals = (loan.total_charged.total, paid.principal, paid.interest, paid.fees, paid.penalties)
    if loan.movements:
        paper.row(("", words.total, "", *map(str, totals), ""))
    else:
        paper.remark(words.nothing)
    paper.row(("", words.closing, *[""] * 6, str(loan.closing.total)), bold=True)


def _unless_zero(amount: Money) -> str:
    return str(amount) if amount else ""
