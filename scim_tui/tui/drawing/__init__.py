"""Values of the model as styled lines: text, themes, fields."""
