-- A payment may be for any purpose; one receipt may be divided into several payments, its parts.
ALTER TABLE payment
    DROP CONSTRAINT ck_payment_purpose_known,
    ADD CONSTRAINT ck_payment_purpose_known CHECK (purpose IN ('loan_repayment', 'savings', 'shares', 'fee')),
    ADD COLUMN part INTEGER DEFAULT 1 NOT NULL,
    DROP CONSTRAINT uq_payment_receipt,
    ADD CONSTRAINT uq_payment_receipt_part UNIQUE (receipt, part)
--;
ALTER TABLE payment_fact
    DROP CONSTRAINT ck_payment_fact_source_known,
    ADD CONSTRAINT ck_payment_fact_source_known CHECK (source IN ('callback', 'enquiry', 'paybill'))
