"""Who writes statements in this installation, in which forms and with which words?"""

from core.members.model import Language
from core.reports.ports import StatementFormat
from core.reports.service import StatementOffice
from dialogs.catalogue import load_catalogue
from dialogs.institution import Institution
from dialogs.statement_words import statement_words
from integrations.documents.csv_table import CsvStatement
from integrations.documents.pdf import PdfStatement
from integrations.documents.xlsx_book import XlsxStatement


def statement_office(institution: Institution) -> StatementOffice:
    """The one office of this institution."""
    catalogue = load_catalogue(institution)
    return StatementOffice(
        institution=institution.name,
        renderers={
            StatementFormat.PDF: PdfStatement(),
            StatementFormat.CSV: CsvStatement(),
            StatementFormat.XLSX: XlsxStatement(),
        },
        words={language: statement_words(catalogue[language]) for language in Language},
    )
