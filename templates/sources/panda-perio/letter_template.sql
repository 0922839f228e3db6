SELECT t.TemplateID AS src_key, t.TemplateName AS name, t.Conditions AS conditions, t.SignatureBlock AS signature,
       t.Body AS content
FROM LetterTemplate AS t
