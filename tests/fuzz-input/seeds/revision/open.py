revision = 'open
'''